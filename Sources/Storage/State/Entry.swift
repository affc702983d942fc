import JSON
import SCIM

/// Where a resource stands in its directory: given out in order of creation, never twice.
typealias Slot = UInt32

/// A resource as it is kept in memory: its document as JSON bytes, its memberships as slots.
struct Entry: Sendable {
  let id: ResourceID
  /// The position of its type in the catalog.
  let type: UInt8
  /// Milliseconds since 1970.
  let created: Int64
  /// Its place in the order of creation: grows from slot to slot, and unlike the slot is the same after a restart. Made
  /// from the number of the creating record, so that a replay gives it again.
  var ordinal: UInt64 = 0
  var modified: Int64
  /// The number of the record that last changed it or a membership of it; its version.
  var revision: UInt64
  var body: EncodedDocument
  /// Groups that have it as a direct member, in no order.
  var groups: [Slot] = []
  /// For a group.
  var members: Set<Slot> = []

  /// The least ordinal of what record `seq` creates: leaves room for a million resources of one record.
  static func ordinal(of seq: UInt64) -> UInt64 { seq << 20 }

  mutating func changed(by change: (inout Entry) -> Void) { change(&self) }

  /// Is not a direct member of the group any more.
  mutating func leave(_ group: Slot) {
    guard let position = groups.firstIndex(of: group) else { return }
    groups.swapAt(position, groups.count - 1)
    groups.removeLast()
  }
}

/// A document as bytes, with what is needed without parsing them.
struct EncodedDocument: Sendable {
  /// A JSON object in schema order.
  let bytes: [UInt8]
  /// Bit n: the document has attributes of the type's extension n.
  let extensions: UInt16
  /// Where in `bytes` the JSON text of the display name is, quotes included; empty where there is none.
  let display: Range<UInt32>
  /// Where in `bytes` the object of a manager begins whose value is the id of a resource; 0 where there is none.
  let manager: UInt32

  init(_ document: Document, of type: ResourceType) {
    var writer = JSONWriter(capacity: 512)
    var display: Range<UInt32> = 0..<0
    var isNamed = false
    var manager: UInt32 = 0
    writer.beginObject()
    for member in document.attributes.members {
      writer.name(member.name)
      let start = UInt32(writer.bytes.count)
      if let found = member.value["manager"], member.name == SchemaURN.enterpriseUser,
        EncodedDocument.namesManager(found)
      {
        manager = writer.container(member.value, whereIs: "manager")
      } else {
        writer.value(member.value)
      }
      if member.value.stringValue != nil,
        member.name == "displayName" || (member.name == "userName" && !isNamed)
      {
        display = start..<UInt32(writer.bytes.count)
        isNamed = member.name == "displayName"
      }
    }
    writer.endObject()
    bytes = writer.bytes
    self.display = display
    self.manager = manager
    var extensions: UInt16 = 0
    for (index, known) in type.extensions.enumerated()
    where document.attributes[known.schema.id] != nil {
      extensions |= 1 << UInt16(index)
    }
    self.extensions = extensions
  }

  /// True where there is no attribute at all.
  var isEmpty: Bool { bytes.count == 2 }

  /// The document again; an unreadable one cannot occur, as `init` wrote it, and comes back empty.
  var document: Document {
    Document((try? JSONParser.parse(bytes))?.objectValue ?? JSONObject())
  }

  /// The display name as JSON text with its quotes.
  var displayText: ArraySlice<UInt8> { bytes[Int(display.lowerBound)..<Int(display.upperBound)] }
}

extension JSONWriter {
  /// Writes an object and tells where the value of one of its members begins.
  fileprivate mutating func container(_ value: JSONValue, whereIs name: String) -> UInt32 {
    var start: UInt32 = 0
    beginObject()
    for member in value.objectValue?.members ?? [] {
      self.name(member.name)
      if member.name == name { start = UInt32(bytes.count) }
      self.value(member.value)
    }
    endObject()
    return start
  }
}
