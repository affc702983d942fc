import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// A review for auditors: a line for each user who had a right by one of its grants when it was opened, with what was
/// decided. Every line names the end of the log, by which it can be checked later.
final class ReviewExport: HTTPBodyProducer {
  private static let columns = [
    "review", "user", "id", "role", "target", "via", "grant", "since", "grantedBy", "lastChange", "decision",
    "reviewer", "decided", "comment", "logHead",
  ]
  private static let batch = 50

  private let name: String
  private let items: [ResourceID: ReviewItem]
  private let access: PastAccess
  private let format: AccessExport.Format
  private let place: Locked<Int?>

  init(_ name: String, _ items: [ReviewItem], _ access: PastAccess, _ format: AccessExport.Format) {
    self.name = name
    self.items = items.reduce(into: [:]) { $0[$1.id] = $1 }
    self.access = access
    self.format = format
    place = Locked(nil)
  }

  func nextPiece() -> [UInt8]? {
    place.withLock { place in
      var bytes: [UInt8] = []
      if place == nil, format == .csv { bytes = AccessExport.row(Self.columns) }
      var next = place ?? 0
      while bytes.isEmpty, next < access.users.count {
        let end = min(next + Self.batch, access.users.count)
        for user in access.access(of: access.users[next..<end]) {
          for holding in user.holdings {
            if let item = items[holding.grant.id] { bytes += line(user, holding, item) }
          }
        }
        next = end
      }
      place = next
      return bytes.isEmpty ? nil : bytes
    }
  }

  private func line(
    _ user: EffectiveAccess, _ holding: EffectiveAccess.Holding, _ item: ReviewItem
  ) -> [UInt8] {
    let grant = access.grant(item.id)
    let via = holding.via.map(\.name).joined(separator: " > ")
    let decision = item.decision
    let changed = item.grant?.resource.modified.description ?? decision?.decided?.description
    let texts: [String?] = [
      name, user.userName, user.user.text, holding.role.role.value, holding.target?.name,
      via.isEmpty ? nil : via, item.id.text, DateTime(milliseconds: holding.grant.since).description,
      grant?.grantedBy, changed, decision?.verdict.rawValue, decision?.reviewer,
      decision?.decided?.description, decision?.comment, access.head,
    ]
    guard format == .ndjson else { return AccessExport.row(texts.map { $0 ?? "" }) }
    var object = JSONObject()
    for (name, text) in zip(Self.columns, texts) {
      if let text { object[name] = .string(text) }
    }
    return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
  }
}
