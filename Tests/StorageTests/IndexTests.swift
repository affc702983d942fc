import Foundation
import JSON
import SCIM
import XCTest

@testable import Storage

/// An index finds what looking at every resource finds.
final class IndexTests: XCTestCase {
  /// A state without a disk, changed as a directory does.
  private struct Bench {
    let state: DirectoryState
    let catalog: Catalog
    var random = SeededRandom()
    var seq: UInt64 = 0

    var user: ResourceType { catalog.types[0] }
    var group: ResourceType { catalog.types[1] }
    var ids: [ResourceID] = []

    init() throws {
      catalog = try Catalog.standard()
      state = DirectoryState(catalog: catalog, options: StoreOptions())
    }

    mutating func create(_ type: ResourceType, _ json: JSONValue) throws {
      seq += 1
      let number = seq
      let body = try Tenant.decode(type, json)
      var tx = Transaction(state) { String(format: "00000000-0000-4000-8000-%012d", Int(number)) }
      ids.append(
        try tx.create(
          type, body.document.ordered(for: type), members: body.members ?? [], skipsUnknown: false))
      state.apply(tx.changes, RecordStamp(seq: seq, time: Int64(seq), nil))
    }

    mutating func delete(_ id: ResourceID) throws {
      guard let slot = state.slots[id], let entry = state.entries[slot] else { return }
      seq += 1
      var tx = Transaction(state) { "" }
      try tx.delete(try tx.resource(catalog.types[Int(entry.type)], id.text))
      state.apply(tx.changes, RecordStamp(seq: seq, time: Int64(seq), nil))
    }

    mutating func replace(_ id: ResourceID, _ json: JSONValue) throws {
      seq += 1
      let body = try Tenant.decode(user, json)
      var tx = Transaction(state) { "" }
      try tx.update(try tx.resource(user, id.text), body.document.ordered(for: user), [], skipsUnknown: false)
      state.apply(tx.changes, RecordStamp(seq: seq, time: Int64(seq), nil))
    }
  }

  /// 200 users and 30 groups, nested and in cycles; some deleted, some changed.
  private func populated(_ client: inout RandomClient) throws -> Bench {
    var bench = try Bench()
    for _ in 0..<200 { try bench.create(bench.user, client.userBody()) }
    for _ in 0..<30 {
      let members = bench.ids.shuffled(using: &bench.random).prefix(
        Int.random(in: 0..<20, using: &bench.random))
      try bench.create(
        bench.group,
        [
          "displayName": .string(client.name()),
          "members": .array(members.map { ["value": .string($0.text)] }),
        ])
    }
    for id in bench.ids.shuffled(using: &bench.random).prefix(30) { try bench.delete(id) }
    for id in bench.ids.shuffled(using: &bench.random).prefix(60)
    where bench.state.slot(of: id, bench.user) != nil {
      try bench.replace(id, client.userBody())
    }
    return bench
  }

  private func equality(_ bench: inout Bench, _ client: inout RandomClient, _ type: ResourceType) -> String {
    let name = client.name()
    let number = Int.random(in: 0..<9, using: &bench.random)
    let id = bench.ids.randomElement(using: &bench.random)?.text ?? ""
    var filters = [
      "displayName eq \"\(name)\"", "externalId eq \"\(name)\(number)\"", "id eq \"\(id)\"",
      "DISPLAYNAME Eq \"\(name.uppercased())\"",
    ]
    if type.hasMembers {
      filters += ["members.value eq \"\(id)\"", "members eq \"\(id)\"", "members[value eq \"\(id)\"]"]
    } else {
      filters += [
        "userName eq \"\(name)\(Int.random(in: 0..<200, using: &bench.random))\"",
        "emails.value eq \"\(name)@example.\(number)\"", "emails eq \"\(name)@EXAMPLE.\(number)\"",
        "emails[value eq \"\(name)@example.\(number)\" and type eq \"work\"]",
        "emails[type eq \"home\" and value eq \"\(name)@example.\(number)\"]",
        "groups.value eq \"\(id)\"", "groups eq \"\(id)\"", "groups[value eq \"\(id)\"]",
        "\(SchemaURN.user):userName eq \"\(name)\(number)\"",
      ]
    }
    return filters.randomElement(using: &bench.random) ?? ""
  }

  private func filter(_ bench: inout Bench, _ client: inout RandomClient, _ type: ResourceType) -> String {
    let a = equality(&bench, &client, type)
    let b = equality(&bench, &client, type)
    let other = type.hasMembers ? "displayName pr" : "active eq true"
    return [
      a, a, a, "\(a) and \(b)", "\(a) or \(b)", "\(a) and \(other)", "\(other) and \(a)",
      "(\(a) or \(b)) and \(other)", "\(a) and not (\(b))", "\(a) or (\(b) and \(other))",
    ].randomElement(using: &bench.random) ?? a
  }

  func testAnIndexFindsExactlyWhatAScanFinds() throws {
    var found = 0
    for seed in 0..<3 {
      var client = RandomClient(seed: seed)
      var bench = try populated(&client)
      let sorts = try ["userName", "displayName", "meta.created", "id"].map {
        try SortKey($0, descending: client.chance(50), of: bench.user)
      }
      for _ in 0..<300 {
        let type = client.chance(70) ? bench.user : bench.group
        let text = filter(&bench, &client, type)
        let sort = type === bench.user && client.chance(40) ? sorts.randomElement(using: &bench.random) : nil
        let query = ResourceQuery(
          parts: [try Tenant.part(type, text, sort: sort)],
          startIndex: client.chance(80) ? 1 : 2, count: client.chance(80) ? 100 : 2, base: "https://x",
          showsMembers: true)
        let indexed = try XCTUnwrap(bench.state.answer(query).page, "no index for \(text)")
        XCTAssertEqual(indexed.texts, try bench.state.capture().scan(query).texts, text)
        found += indexed.total
      }
    }
    XCTAssertGreaterThan(found, 1000, "the filters match something")
  }

  func testAQueryOverBothTypesFindsWhatAScanFinds() throws {
    var client = RandomClient(seed: 9)
    var bench = try populated(&client)
    for _ in 0..<200 {
      let text = filter(&bench, &client, client.chance(50) ? bench.user : bench.group)
      let query = ResourceQuery(
        parts: [try Tenant.part(bench.user, text), try Tenant.part(bench.group, text)], startIndex: 1,
        count: 100,
        base: "", showsMembers: true)
      guard let indexed = bench.state.answer(query).page else { continue }
      XCTAssertEqual(indexed.texts, try bench.state.capture().scan(query).texts, text)
    }
  }

  func testWhatNoIndexAnswersIsLeftToAScan() throws {
    var client = RandomClient()
    let bench = try populated(&client)
    for text in [
      "title eq \"x\"", "userName ne \"x\"", "not (userName eq \"x\")", "userName sw \"b\"",
      "userName eq \"x\" or title pr",
    ] {
      let query = ResourceQuery(
        parts: [try Tenant.part(bench.user, text)], startIndex: 1, count: 10, base: "", showsMembers: true)
      XCTAssertNil(bench.state.answer(query).page, text)
    }
  }

  func testAPathFindsWhatTheWholeAttributeHas() throws {
    var client = RandomClient(seed: 9)
    let bench = try populated(&client)
    var found = 0
    bench.state.entries.forEach { slot, entry in
      let subject = EntrySubject(state: bench.state, slot: slot, entry: entry, base: "http://h")
      let type = subject.type
      let owners: [(Schema?, AttributeTable)] =
        [(nil, type.schema.attributes), (nil, ResourceType.common)]
        + type.extensions.map { ($0.schema, $0.schema.attributes) }
      for (schema, attributes) in owners {
        for attribute in attributes {
          let whole = subject.value(of: attribute, in: schema)
          XCTAssertEqual(
            subject.value(of: AttributePath(schema: schema, attribute: attribute, sub: nil)), whole)
          for sub in attribute.subAttributes {
            let part = subject.value(of: AttributePath(schema: schema, attribute: attribute, sub: sub))
            XCTAssertEqual(part?.elements.map { $0[sub.name] } ?? [], parts(of: whole, sub.name), sub.name)
            found += part == nil ? 0 : 1
          }
        }
      }
    }
    XCTAssertGreaterThan(found, 1000)
  }

  /// A single value without the sub-attribute counts as none.
  private func parts(of whole: JSONValue?, _ name: String) -> [JSONValue?] {
    guard let whole else { return [] }
    if whole.arrayValue == nil, whole[name] == nil { return [] }
    return whole.elements.map { $0[name] }
  }

  func testACaptureStaysAsItWas() throws {
    var client = RandomClient(seed: 4)
    var bench = try populated(&client)
    let query = ResourceQuery(
      parts: [try Tenant.part(bench.user), try Tenant.part(bench.group)], startIndex: 1, count: .max,
      base: "",
      showsMembers: true)
    let capture = bench.state.capture()
    let before = try capture.scan(query)
    let texts = before.texts
    for id in bench.ids.shuffled(using: &bench.random).prefix(120) { try bench.delete(id) }
    for _ in 0..<50 { try bench.create(bench.user, client.userBody()) }
    for id in bench.ids where bench.state.slot(of: id, bench.user) != nil {
      try bench.replace(id, client.userBody())
    }
    XCTAssertEqual(try capture.scan(query).texts, texts)
    XCTAssertEqual(before.texts, texts)
    XCTAssertNotEqual(try bench.state.capture().scan(query).texts, texts)
  }
}

extension QueryAnswer {
  /// Nil if it is left to a worker.
  var page: ResourcePage? {
    if case .page(let page) = self { page } else { nil }
  }
}
