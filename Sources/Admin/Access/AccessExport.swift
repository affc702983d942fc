import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage
import Transfer

/// Everything that users may do, or could do at one moment: a line for each user, role and target, with its reason, made
/// on demand. Users come by their names, so that the same moment always gives the same bytes.
final class AccessExport: HTTPBodyProducer {
  enum Format: String, CaseIterable, Sendable {
    case ndjson, csv
  }

  /// The columns of the table, and the members of a line.
  static let columns = [
    "user", "id", "role", "kind", "target", "via", "grant", "since", "expires", "origin", "grantedBy",
    "onBehalfOf", "reason",
  ]
  /// Users in a piece.
  private static let batch = 50

  private let access: PastAccess
  private let format: Format
  private let place: Locked<Int?>

  init(_ access: PastAccess, _ format: Format) {
    self.access = access
    self.format = format
    place = Locked(nil)
  }

  func nextPiece() -> [UInt8]? {
    place.withLock { place in
      var bytes: [UInt8] = []
      if place == nil, format == .csv { bytes = Self.row(Self.columns) }
      var next = place ?? 0
      while bytes.isEmpty, next < access.users.count {
        let end = min(next + Self.batch, access.users.count)
        for user in access.access(of: access.users[next..<end]) {
          for holding in user.holdings { bytes += line(user, holding) }
        }
        next = end
      }
      place = next
      return bytes.isEmpty ? nil : bytes
    }
  }

  private func line(_ user: EffectiveAccess, _ holding: EffectiveAccess.Holding) -> [UInt8] {
    let grant = access.grant(holding.grant.id)
    let expires = holding.grant.expires.map { DateTime(milliseconds: $0).description }
    let names = holding.via.map(\.name)
    let texts: [String?] = [
      user.userName, user.user.text, holding.role.role.value, holding.role.role.kind.rawValue,
      holding.target?.name, names.isEmpty ? nil : names.joined(separator: " > "), holding.grant.id.text,
      DateTime(milliseconds: holding.grant.since).description, expires, grant?.origin.rawValue,
      grant?.grantedBy, grant?.onBehalfOf, grant?.reason,
    ]
    guard format == .ndjson else { return Self.row(texts.map { $0 ?? "" }) }
    var object = JSONObject()
    for (name, text) in zip(Self.columns, texts) {
      if let text { object[name] = .string(text) }
    }
    object["via"] = .array(holding.via.map { ["id": .string($0.id.text), "name": .string($0.name)] })
    return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
  }

  /// RFC 4180, with cells that no spreadsheet calculates.
  static func row(_ cells: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVCell.append(cell, to: &bytes)
    }
    return bytes + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }
}
