import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage
import Transfer

/// All users, groups and grants of one moment as lines of JSON, and at the end the record up to which they are told:
/// `{"user": {...}}`, `{"group": {...}}`, `{"grant": {...}}`, `{"asOf": "evt_INCARNATION_SEQ_INDEX"}`. Who applies all
/// events after that one has what the server has.
final class SnapshotPieces: HTTPBodyProducer {
  private static let batch = 50

  /// What comes next.
  private enum Place {
    case people(ArraySlice<ResourceType>, UInt32)
    case grants(UInt32)
    case end, over
  }

  private let source: ExportSource
  private let grantType: ResourceType
  private let roles: [ResourceID: String]
  private let targets: [ResourceID: String]
  /// The large drafts that were applied.
  private let applied: Set<ResourceID>
  private let asOf: String
  private let place: Locked<Place>

  /// - Parameter asOf: the last event that shows in the source.
  init(_ source: ExportSource, _ directory: Directory, asOf: String) {
    self.source = source
    grantType = directory.administrativeType("Grant")
    func names(_ type: String, _ name: (Document) -> String?) -> [ResourceID: String] {
      let all = source.administrative(directory.administrativeType(type), from: 0, limit: .max - 1).resources
      return all.reduce(into: [:]) { $0[$1.id] = name($1.document) }
    }
    roles = names("Role") { $0.attributes["value"]?.stringValue }
    targets = names("Target") { $0.attributes["name"]?.stringValue }
    applied = LargeDrafts.applied(in: source, directory)
    self.asOf = asOf
    let types = directory.catalog.types
    place = Locked(.people((types.filter(\.hasGroups) + types.filter(\.hasMembers))[...], 0))
  }

  func nextPiece() -> [UInt8]? {
    place.withLock { place in
      while true {
        let (bytes, next) = piece(place)
        place = next
        if case .over = next, bytes.isEmpty { return nil }
        if !bytes.isEmpty { return bytes }
      }
    }
  }

  private func piece(_ place: Place) -> ([UInt8], Place) {
    switch place {
    case .people(let types, let position):
      guard let type = types.first else { return ([], .grants(0)) }
      let (resources, next) = source.resources(type, from: position, limit: Self.batch)
      let name = type.hasGroups ? "user" : "group"
      let lines = resources.flatMap { Self.line([name: ExportLine.json($0)]) }
      return (lines, next.map { .people(types, $0) } ?? .people(types.dropFirst(), 0))
    case .grants(let position):
      let (resources, next) = source.administrative(grantType, from: position, limit: Self.batch)
      let lines = resources.compactMap(json).flatMap { Self.line(["grant": $0]) }
      return (lines, next.map { .grants($0) } ?? .end)
    case .end: return (Self.line(["asOf": .string(asOf)]), .over)
    case .over: return ([], .over)
    }
  }

  private static func line(_ object: JSONObject) -> [UInt8] {
    JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
  }

  private func json(_ resource: AdministrativeResource) -> JSONValue? {
    guard let grant = Grant(resource.document), grant.draft.map(applied.contains) ?? true,
      !(grant.endsWith.map(applied.contains) ?? false)
    else { return nil }
    var object: JSONObject = ["id": .string(resource.id.text)]
    object["principal"] = [
      "type": .string(grant.isGroup ? "Group" : "User"), "id": .string(grant.principal.text),
    ]
    for (name, text) in [
      ("role", roles[grant.role] ?? grant.role.text), ("roleId", grant.role.text),
      ("target", grant.target.map { targets[$0] ?? $0.text }), ("targetId", grant.target?.text),
      ("expires", grant.expires?.description), ("reason", grant.reason), ("origin", grant.origin.rawValue),
      ("grantedBy", grant.grantedBy), ("onBehalfOf", grant.onBehalfOf),
    ] {
      if let text { object[name] = .string(text) }
    }
    AccessReport.add(resource, to: &object)
    return .object(object)
  }
}
