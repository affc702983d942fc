import JSON
import SCIM
import Storage

/// One line of an import, understood.
struct ImportLine: Sendable {
  enum Content: Sendable {
    /// All of a resource: what it lacks is cleared where the resource is there already.
    case whole(Document)
    /// Some attributes: all others stay as they are.
    case partial(PatchRequest?)
  }

  let line: Int
  let type: ResourceType
  let id: ResourceID?
  let content: Content
  /// Ids, userNames of users or displayNames of groups; nil where the line says nothing of members.
  let members: [String]?

  /// What a new resource of this line is.
  func newDocument() throws(SCIMError) -> Document {
    let document =
      switch content {
      case .whole(let document): document
      case .partial(let patch): try ImportLine.applied(patch, to: Document())
      }
    return try DocumentRules.checked(DocumentRules.completed(document, type), type)
  }

  /// What it makes of one that is there.
  func changed(_ old: Document) throws(SCIMError) -> Document {
    let new =
      switch content {
      case .whole(let document): document
      case .partial(let patch): try ImportLine.applied(patch, to: old)
      }
    return try DocumentRules.checked(try DocumentRules.replacement(of: old, by: new, type), type)
  }
}

extension ImportLine {
  fileprivate static func applied(_ patch: PatchRequest?, to document: Document) throws(SCIMError) -> Document
  {
    var budget = WorkBudget(.computed, for: .change)
    return try patch?.apply(to: document, &budget).document ?? document
  }
}
