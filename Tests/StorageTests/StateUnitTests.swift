import JSON
import SCIM
import XCTest

@testable import Storage

/// The parts a directory's state is made of.
final class StateUnitTests: XCTestCase {
  // MARK: ResourceID

  func testAnIDIsTheTextItWasMadeFrom() throws {
    for text in [
      "00000000-0000-4000-8000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
      "01234567-89ab-cdef-0123-456789abcdef", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
    ] {
      XCTAssertEqual(try XCTUnwrap(ResourceID(text)).text, text)
    }
  }

  func testAnIDInAnyOtherFormIsNone() {
    for text in [
      "", "0", "01234567-89AB-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef",
      "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdef0",
      "01234567-89ab-cdef-0123-456789abcdeg", "01234567_89ab-cdef-0123-456789abcdef",
      "-1234567-89ab-cdef-0123-456789abcdef", "{1234567-89ab-cdef-0123-456789abcde}",
      "01234567-89ab-cdef-0123-456789abcd\u{e9}", " 1234567-89ab-cdef-0123-456789abcdef",
      "012345678-9ab-cdef-0123-456789abcdef",
    ] {
      XCTAssertNil(ResourceID(text), text)
    }
  }

  func testIDsThatDifferInOneDigitDiffer() throws {
    let zeros = Array("00000000-0000-0000-0000-000000000000".utf8)
    var ids = Set([try XCTUnwrap(ResourceID(zeros))])
    for position in zeros.indices where zeros[position] != UInt8(ascii: "-") {
      for digit in "123456789abcdef".utf8 {
        var text = zeros
        text[position] = digit
        ids.insert(try XCTUnwrap(ResourceID(text)))
      }
    }
    XCTAssertEqual(ids.count, 32 * 15 + 1)
  }

  // MARK: EqualityIndex

  func testAnIndexFindsWhatAModelFinds() {
    var random = SeededRandom()
    var index = EqualityIndex()
    var model: [String: Set<Slot>] = [:]
    for _ in 0..<20_000 {
      let slot = Slot.random(in: 0..<40, using: &random)
      let attribute = Int.random(in: 0..<3, using: &random)
      let text = "\(Int.random(in: 0..<20, using: &random))"
      let key = EqualityIndex.Key(attribute, TextKey(exact: text))
      if Bool.random(using: &random) {
        index.insert(slot, key)
        model["\(attribute) \(text)", default: []].insert(slot)
      } else {
        index.remove(slot, key)
        model["\(attribute) \(text)"]?.remove(slot)
      }
      XCTAssertEqual(index.candidates(key), (model["\(attribute) \(text)"] ?? []).sorted())
    }
  }

  func testComposedAndDecomposedLettersAreOneKeyWhereTextIsFolded() {
    var index = EqualityIndex()
    index.insert(7, EqualityIndex.Key(1, TextKey(folding: "\u{e5}")))
    XCTAssertEqual(index.candidates(EqualityIndex.Key(1, TextKey(folding: "a\u{30a}"))), [7])
    index.remove(7, EqualityIndex.Key(1, TextKey(folding: "a\u{30a}")))
    XCTAssertEqual(index.candidates(EqualityIndex.Key(1, TextKey(folding: "\u{e5}"))), [])
    index.insert(7, EqualityIndex.Key(1, TextKey(exact: "\u{e5}")))
    XCTAssertEqual(index.candidates(EqualityIndex.Key(1, TextKey(exact: "a\u{30a}"))), [])
  }

  // MARK: SlotSet

  func testASetOfSlotsHoldsWhatAModelHolds() {
    var random = SeededRandom()
    for range in [Slot(30), 3_000, 1_000_000] {
      var set = SlotSet()
      var model = Set<Slot>()
      for step in 0..<12_000 {
        let slot = Slot.random(in: 0..<range, using: &random)
        // Grows first and shrinks then.
        if Int.random(in: 0..<12_000, using: &random) > step {
          XCTAssertEqual(set.insert(slot), model.insert(slot).inserted)
        } else {
          let wanted = model.randomElement(using: &random) ?? slot
          XCTAssertEqual(set.remove(wanted), model.remove(wanted) != nil)
        }
        XCTAssertEqual(set.count, model.count)
        XCTAssertEqual(set.contains(slot), model.contains(slot))
        XCTAssertFalse(set.remove(range))
      }
      XCTAssertEqual(Array(set), model.sorted())
      XCTAssertEqual(set.isEmpty, model.isEmpty)
    }
  }

  func testASetOfSlotsGivesTheSlotsFromAnyPlaceOn() {
    for slots in [[], Array(stride(from: Slot(3), to: 20_000, by: 7)), Array((0..<3000).reversed())] {
      var set = SlotSet()
      for slot in slots { set.insert(slot) }
      let sorted = slots.sorted()
      for start in [Slot(0), 3, 4, 5, 511, 512, 3584, 2999, 19_998, 20_001, .max] {
        for limit in [0, 1, 512, 700, Int.max] {
          XCTAssertEqual(
            set.slots(from: start, limit: limit), Array(sorted.drop { $0 < start }.prefix(limit)))
        }
      }
    }
  }

  func testACopyOfASetOfSlotsStaysAsItWas() {
    var set = SlotSet()
    for slot in 0..<Slot(5000) { set.insert(slot * 2) }
    let copy = set
    for slot in 0..<Slot(5000) {
      set.remove(slot * 2)
      set.insert(slot * 2 + 1)
    }
    XCTAssertEqual(Array(copy), (0..<5000).map { $0 * 2 })
    XCTAssertEqual(Array(set), (0..<5000).map { $0 * 2 + 1 })
  }

  // MARK: PageSelection

  func testAPageOfManyIsThePageOfAllSorted() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    var random = SeededRandom()
    let matches = (0..<5000).map { slot in
      QueryMatch(
        slot: slot,
        sortValue: Int.random(in: 0..<9, using: &random) == 0
          ? nil
          : .number(ExactNumber(Int64.random(in: 0..<1000, using: &random))))
    }
    for (startIndex, count) in [(1, 5), (1, 0), (7, 700), (2500, 10), (4990, 100), (6000, 5), (1, Int.max)] {
      for descending in [false, true] {
        let sort = try SortKey("userName", descending: descending, of: type)
        let query = ResourceQuery(
          parts: [.init(type: type, filter: nil, sort: sort)], startIndex: startIndex, count: count, base: "",
          showsMembers: false)
        var selection = PageSelection(query, EntryTable(typeCount: 1))
        for match in matches { selection.add(match) }
        let shown = selection.matches().prefix(count).map(\.slot)
        let sorted = matches.sorted { a, b in
          sort.precedes(a.sortValue, b.sortValue)
            || !sort.precedes(b.sortValue, a.sortValue) && (descending ? a.slot > b.slot : a.slot < b.slot)
        }
        XCTAssertEqual(shown, sorted.dropFirst(startIndex - 1).prefix(count).map(\.slot))
        XCTAssertEqual(selection.total, 5000)
      }
    }
  }

  // MARK: EncodedDocument

  func testAStoredDocumentGivesTheValuesThatItsParsedFormHas() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    let document = Document([
      "externalId": "e\"1", "userName": "ada\\", "name": ["givenName": "A\n", "familyName": "L"],
      "active": true, "emails": [["value": "a@x"], ["value": "b@x", "type": "\u{e9}"]],
      SchemaURN.enterpriseUser: ["department": "\"Maths\"", "manager": ["value": "m"]],
    ])
    let body = EncodedDocument(document, of: type)
    XCTAssertEqual(body.document, document)
    for (schema, table) in [(nil, type.schema.attributes)]
      + type.extensions.map({ ($0.schema, $0.schema.attributes) })
    {
      for attribute in table {
        XCTAssertEqual(body.value(of: attribute, in: schema), document[attribute, schema], attribute.name)
      }
    }
    for (path, texts) in [
      ("userName", ["ada\\"]), ("name.givenName", ["A\n"]), ("emails.value", ["a@x", "b@x"]),
      ("emails.type", ["\u{e9}"]), ("\(SchemaURN.enterpriseUser):department", ["\"Maths\""]), ("active", []),
      ("title", []), ("addresses.locality", []),
    ] {
      XCTAssertEqual(body.texts(try XCTUnwrap(type.path(path))), texts, path)
    }
    XCTAssertEqual(body.text("externalId"), "e\"1")
    XCTAssertNil(body.text("title"))
  }

  func testTextThatIsNoObjectIsNoDocument() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    for text in ["", "{", "[]", "null", "\"x\"", "{\"userName\":\"x\"", "{\"userName\":\"x\"}}", "{1}"] {
      XCTAssertNil(Array(text.utf8).withUnsafeBytes { EncodedDocument($0, of: type) }, text)
    }
    XCTAssertNotNil(Array("{}".utf8).withUnsafeBytes { EncodedDocument($0, of: type) })
  }

  // MARK: EntryTable

  func testATableFindsWhatAModelFinds() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    var random = SeededRandom()
    var table = EntryTable(typeCount: 2)
    var model: [(slot: Slot, type: UInt8)] = []
    for number in 0..<2000 {
      if number % 3 != 0 || model.isEmpty {
        let kind = UInt8.random(in: 0...1, using: &random)
        model.append((table.append(entry(number, kind, type)), kind))
      } else if let index = model.indices.randomElement(using: &random) {
        table.remove(model.remove(at: index).slot)
      }
      guard number % 40 == 0 else { continue }
      for types in [[0], [1], [0, 1]] as [Set<UInt8>] {
        let wanted = model.filter { types.contains($0.type) }.map(\.slot)
        let skip = Int.random(in: 0...wanted.count + 2, using: &random)
        let limit = Int.random(in: 0...300, using: &random)
        XCTAssertEqual(table.count(ofTypes: types), wanted.count)
        XCTAssertEqual(
          table.slots(ofTypes: types, skip: skip, limit: limit), Array(wanted.dropFirst(skip).prefix(limit)))
        XCTAssertEqual(table.slots(ofTypes: types, skip: 0, limit: .max), wanted)
      }
    }
    var all: [Slot] = []
    table.forEach { slot, _ in all.append(slot) }
    XCTAssertEqual(all, model.map(\.slot))
  }

  func testASlotIsNeverGivenOutTwice() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    var table = EntryTable(typeCount: 1)
    for number in 0..<600 {
      let slot = table.append(entry(number, 0, type))
      XCTAssertEqual(slot, Slot(number))
      table.remove(slot)
      XCTAssertNil(table[slot])
    }
    XCTAssertEqual(table.count(ofTypes: [0]), 0)
  }

  func testACopyOfATableKeepsWhatTheOriginalChanges() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first)
    var table = EntryTable(typeCount: 1)
    let slots = (0..<600).map { table.append(entry($0, 0, type)) }
    let copy = table
    for slot in slots where slot % 2 == 0 { table.remove(slot) }
    for slot in slots { table.update(slot) { $0.revision = 99 } }
    XCTAssertEqual(copy.count(ofTypes: [0]), 600)
    XCTAssertTrue(slots.allSatisfy { copy[$0]?.revision == 1 })
    XCTAssertEqual(table.count(ofTypes: [0]), 300)
  }

  // MARK: TombstoneTable

  func testTheTableFindsTheNewestOfAnAccountAndForgetsFromTheFront() throws {
    let type = try XCTUnwrap(try Catalog.standard().type(named: "User"))
    var table = TombstoneTable(retention: 1000)
    var ids: [ResourceID] = []
    for number in 0..<1000 {
      let id = try XCTUnwrap(ResourceID(String(format: "00000000-0000-4000-8000-%012d", number)))
      let document = Document(["userName": .string("user\(number % 10)"), "externalId": "x"])
      ids.append(id)
      table.append(
        Tombstone(
          id: id, type: 0, created: 0, modified: 0, deleted: Int64(number), seq: UInt64(number),
          manager: ManagerTable.unknown, body: EncodedDocument(document, of: type), groups: [], members: []))
    }
    let wanted = Document(["userName": "USER3", "externalId": "x"])
    XCTAssertEqual(table.matching(wanted, 0, at: 999)?.id, ids[993])
    table.remove(ids[993])
    XCTAssertEqual(table.matching(wanted, 0, at: 999)?.id, ids[983])
    XCTAssertNil(table.matching(wanted, 1, at: 999))
    table.removeExpired(at: 1700)
    XCTAssertEqual(table.count, 298)
    XCTAssertNil(table[ids[700]])
    XCTAssertEqual(table[ids[701]]?.id, ids[701])
    table.removeExpired(at: 5000)
    XCTAssertEqual(table.count, 0)
    XCTAssertTrue(table.range.isEmpty)
  }

  private func entry(_ number: Int, _ kind: UInt8, _ type: ResourceType) -> Entry {
    let text = String(repeating: "0", count: 12 - String(number).count) + String(number)
    return Entry(
      id: ResourceID("00000000-0000-4000-8000-\(text)")!, type: kind, created: 0, modified: 0, revision: 1,
      body: EncodedDocument(Document(), of: type))
  }
}
