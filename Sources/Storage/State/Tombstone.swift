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
  /// Who managed it: a number of `ManagerTable`.
  let manager: UInt32
  let body: EncodedDocument
  /// Groups that had it as a direct member.
  var groups: [ResourceID]
  var members: [ResourceID]

  /// By which a later POST shows that it means the same account: the folded userName and the exact externalId.
  typealias Account = (userName: TextKey, externalId: TextKey)

  /// Nil if the document lacks either.
  var account: Account? { Tombstone.account(body.text("userName"), body.text("externalId")) }

  /// The same of a document that is not stored.
  static func account(_ document: Document) -> Account? {
    account(document.attributes["userName"]?.stringValue, document.attributes["externalId"]?.stringValue)
  }

  private static func account(_ userName: String?, _ externalId: String?) -> Account? {
    guard let userName, !userName.isEmpty, let externalId, !externalId.isEmpty else { return nil }
    return (TextKey(folding: userName), TextKey(exact: externalId))
  }
}
