import JSON
import SCIM

/// Who or what a change is about, as of then: for those who read records as events.
struct Subject: Sendable, Equatable {
  /// The userName, or else the displayName.
  let name: String?
  let externalId: String?
  let active: Bool?

  init(_ document: Document) {
    name = ResourceSummary.name(document)
    externalId = document.attributes["externalId"]?.stringValue
    active = document.attributes["active"]?.boolValue
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", name)
    writer.member("externalId", externalId)
    if let active {
      writer.name("active")
      writer.bool(active)
    }
    writer.endObject()
  }
}

extension DirectoryState {
  /// The subject of a membership change: the group as it is before the record, or as the record makes it.
  func subject(of group: ResourceID, _ changes: [Change]) -> Subject? {
    for change in changes.reversed() {
      switch change {
      case .create(_, group, let body): return Subject(body.document)
      case .update(_, group, _, let after): return Subject(after)
      case .restore(_, group, let restoration): return Subject(restoration.document)
      default: continue
      }
    }
    return slots[group].flatMap { entries[$0] }.map { Subject($0.body.document) }
  }
}
