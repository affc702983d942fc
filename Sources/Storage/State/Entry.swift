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
  /// The number of the record that last changed it; of a group, its members too. Its own version.
  var revision: UInt64
  /// The number of the last record that made it join or leave a group, as far as this process knows: who shows its groups
  /// shows that record.
  var derived: UInt64 = 0
  /// Who manages it: a number of `ManagerTable`.
  var manager: UInt32 = ManagerTable.unknown
  var body: EncodedDocument
  /// Groups that have it as a direct member, in no order.
  var groups: [Slot] = []
  /// For a group.
  var members = SlotSet()

  /// The least ordinal of what record `seq` creates: leaves room for a million resources of one record.
  static func ordinal(of seq: UInt64) -> UInt64 { seq << 20 }

  /// What changes without the memberships.
  struct Fields {
    fileprivate let modified: Int64
    fileprivate let revision: UInt64
    fileprivate let derived: UInt64
    fileprivate let manager: UInt32
    fileprivate let body: EncodedDocument
  }

  var fields: Fields {
    get {
      Fields(modified: modified, revision: revision, derived: derived, manager: manager, body: body)
    }
    set {
      modified = newValue.modified
      revision = newValue.revision
      derived = newValue.derived
      manager = newValue.manager
      body = newValue.body
    }
  }

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
    var writer = JSONWriter(capacity: 1024)
    writer.object(document.attributes)
    self = writer.bytes.withUnsafeBytes { EncodedDocument(text: $0, of: type) }
  }

  /// From JSON text as `init` wrote it before; nil where it is no object.
  init?(_ text: UnsafeRawBufferPointer, of type: ResourceType) {
    var scanner = JSONScanner(text)
    while scanner.nextMember() != nil {}
    guard scanner.isAtEnd, text[0] == UInt8(ascii: "{") else { return nil }
    self.init(text: text, of: type)
  }

  private init(text: UnsafeRawBufferPointer, of type: ResourceType) {
    var display = 0..<0
    var isNamed = false
    var manager = 0
    var extensions: UInt16 = 0
    var scanner = JSONScanner(text)
    while let member = scanner.nextMember() {
      let isText = text[member.value.lowerBound] == UInt8(ascii: "\"")
      if isText, scanner.isName(member.name, "displayName") {
        display = member.value
        isNamed = true
      } else if isText, !isNamed, scanner.isName(member.name, "userName") {
        display = member.value
      } else if !isText {
        for (index, known) in type.extensions.enumerated()
        where scanner.isName(member.name, known.schema.id) {
          extensions |= 1 << UInt16(index)
        }
        if scanner.isName(member.name, SchemaURN.enterpriseUser),
          let found = JSONScanner.value(of: "manager", in: text, member.value),
          EncodedDocument.namesManager(text, found)
        {
          manager = found.lowerBound
        }
      }
    }
    // No longer than needed: a buffer that grew while it was written is up to twice as long.
    bytes = Array(text)
    self.display = UInt32(display.lowerBound)..<UInt32(display.upperBound)
    self.manager = UInt32(manager)
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
