import JSON
import SCIM
import Storage

/// One line of an import, understood.
struct ImportLine: Sendable {
  enum Content: Sendable {
    /// A whole resource: missing attributes of an existing resource are cleared.
    case whole(Document)
    /// Some attributes: all others stay as they are.
    case partial(PatchRequest?)
  }

  let line: Int
  let type: ResourceType
  let id: ResourceID?
  let content: Content
  /// Ids, userNames of users or displayNames of groups; nil if the line does not mention members.
  let members: [String]?

  /// The new resource of this line.
  func newDocument() throws(SCIMError) -> Document {
    let document =
      switch content {
      case .whole(let document): document
      case .partial(let patch): try ImportLine.applied(patch, to: Document())
      }
    return try DocumentRules.checked(DocumentRules.completed(document, type), type)
  }

  /// The change it makes to an existing resource.
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
