import JSON
import SCIM

/// A deleted resource as it is kept for an admin to restore, or for its identity provider to bring back.
struct Tombstone: Sendable {
  let id: ResourceID
  /// The position of its type in the catalog.
  let type: UInt8
  /// Milliseconds since 1970.
  let created: Int64
  /// Milliseconds since 1970.
  let modified: Int64
  /// Milliseconds since 1970.
  let deleted: Int64
  /// The number of the record that deleted it.
  let seq: UInt64
  let body: EncodedDocument
  /// Groups that had it as a direct member.
  let groups: [ResourceID]
  let members: [ResourceID]

  var remains: Change.Remains {
    Change.Remains(
      document: body.document, created: created, modified: modified, groups: groups, members: members)
  }

  /// By which a later POST shows that it means the same account: the folded userName and the exact externalId; nil
  /// where the document lacks either.
  static func account(_ document: Document) -> (userName: String, externalId: String)? {
    guard let name = document.attributes["userName"]?.stringValue, !name.isEmpty,
      let external = document.attributes["externalId"]?.stringValue, !external.isEmpty
    else { return nil }
    return (CaseFolding.fold(name), external)
  }
}
