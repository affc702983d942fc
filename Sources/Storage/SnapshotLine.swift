import JSON
import SCIM

/// A line of a snapshot with its members found but not decoded: its document is kept as it is.
struct SnapshotLine {
  enum Name: Int, CaseIterable {
    case type, id, created, modified, ordinal, revision, resource, deleted, group, members, managedBy, note,
      about, value
  }

  private static let texts = Name.allCases.map { "\($0)" }

  private let text: UnsafeRawBufferPointer
  private var values = InlineArray<14, Range<Int>?>(repeating: nil)

  /// Nil if the text is not a complete object.
  init?(_ text: UnsafeRawBufferPointer) {
    self.text = text
    var scanner = JSONScanner(text)
    while let member = scanner.nextMember() {
      let name = Self.texts.firstIndex { scanner.isName(member.name, $0) }
      if let name { values[name] = member.value }
    }
    guard scanner.isAtEnd else { return nil }
  }

  /// The JSON text of a member; nil if it is missing.
  subscript(name: Name) -> UnsafeRawBufferPointer? {
    values[name.rawValue].map { UnsafeRawBufferPointer(rebasing: text[$0]) }
  }

  func string(_ name: Name) -> String? { self[name].flatMap { JSONScanner.string($0) } }

  /// Milliseconds since 1970.
  func instant(_ name: Name) -> Int64? { string(name).flatMap(DateTime.init)?.milliseconds }

  /// A whole number that is not negative.
  func number(_ name: Name) -> UInt64? {
    self[name].flatMap { try? JSONParser.parse($0) }?.integerValue.flatMap { UInt64(exactly: $0) }
  }

  func id(_ name: Name) throws(ReplayError) -> ResourceID { try SnapshotLine.id(self[name]) }

  /// The elements of an array; none if it is missing.
  func ids(_ name: Name) throws(ReplayError) -> [ResourceID] {
    guard let array = self[name] else { return [] }
    var ids: [ResourceID] = []
    ids.reserveCapacity(array.count / 39)
    var elements = JSONScanner(array)
    while let element = elements.nextElement() {
      ids.append(try SnapshotLine.id(UnsafeRawBufferPointer(rebasing: array[element])))
    }
    guard elements.isAtEnd else { throw ReplayError("\"\(name)\" is not a list of ids") }
    return ids
  }

  /// An id has no characters that need an escape.
  private static func id(_ value: UnsafeRawBufferPointer?) throws(ReplayError) -> ResourceID {
    guard let value, value.count == 38, value[0] == UInt8(ascii: "\""), value[37] == UInt8(ascii: "\""),
      let id = ResourceID(UnsafeRawBufferPointer(rebasing: value[1..<37]))
    else { throw ReplayError("an id is not a UUID in lower case") }
    return id
  }
}
