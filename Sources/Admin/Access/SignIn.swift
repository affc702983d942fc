import Access
import JSON
import SCIM
import Storage

/// One login, on its way into the directory.
struct SignIn: Sendable {
  enum Outcome: String, Sendable, CaseIterable {
    case created, updated, unchanged
  }

  /// What it came to.
  enum Result: Sendable {
    case signedIn(ResourceID, Outcome, skipped: [String])
    /// The user does not exist, and the policy lets sign-ins create none.
    case unknown
    case deactivated(ResourceID)
  }

  let claims: SignInClaims
  let policies: DirectoryPolicies
  let type: ResourceType
  let groupType: ResourceType
  let table: AccessTable
  /// Milliseconds since 1970.
  let now: Int64

  private static let dayInMilliseconds: Int64 = 86_400_000

  /// Throws 409 if the claims name two people, or one who is known under another `externalId`.
  func run(_ tx: inout Transaction) throws(SCIMError) -> Result {
    guard let id = try find(tx) else {
      guard policies.signIn == .create else { return .unknown }
      let creation = try ResourceCreation(claims.resource(type), as: type, ResourceActs.dialect)
      let id = try tx.step { tx throws(SCIMError) in try creation.run(&tx) }
      return .signedIn(id, .created, skipped: try remember(id, &tx).skipped)
    }
    let old = try tx.resource(type, id.text)
    guard old.document.attributes["active"]?.boolValue != false else { return .deactivated(id) }
    var isChanged = false
    // What a connection manages is as its identity provider says.
    let isManaged = tx.isManagedByConnection(id)
    if !isManaged,
      let changes = claims.changes(of: old.document, replacesEmail: tx.isManagedBySignIn(id))
    {
      let edit = ResourceEdit.modify(try ResourcePatch(changes, type).request)
      _ = try tx.step { tx throws(SCIMError) in try edit.run(&tx, type, id.text, ifMatch: nil) }
      isChanged = true
    }
    let remembered = try remember(id, &tx, choosesGroups: !isManaged)
    return .signedIn(
      id, isChanged || remembered.isChanged ? .updated : .unchanged, skipped: remembered.skipped)
  }

  /// The one user that `userName` and `externalId` name.
  private func find(_ tx: borrowing Transaction) throws(SCIMError) -> ResourceID? {
    let named = tx.find(type, "userName", claims.userName).first
    let external = claims.externalID.map { tx.find(type, "externalId", $0) } ?? []
    guard let found = named ?? external.first else { return nil }
    guard external.allSatisfy({ $0 == found }) else {
      throw SCIMError(
        .identityMismatch,
        "The userName \"\(claims.userName.prefix(160))\" and the externalId name different users. "
          + "Nothing was changed; an administrator has to correct one of them.")
    }
    let known = try tx.resource(type, found.text).document.attributes["externalId"]?.stringValue
    if external.isEmpty, let known, let _ = claims.externalID {
      throw SCIMError(
        .identityMismatch,
        "The user \"\(claims.userName.prefix(160))\" has the externalId \"\(known.prefix(160))\", and "
          + "the sign-in another one: it may be another person of the same name. Send the same externalId, or "
          + "none.")
    }
    return found
  }

  /// Puts the user into the groups that the claims choose, and takes the user out of those that they no longer choose.
  private func remember(
    _ id: ResourceID, _ tx: inout Transaction, choosesGroups: Bool = true
  ) throws(SCIMError) -> (isChanged: Bool, skipped: [String]) {
    var note = tx.signIns(of: id)
    note.last = now / Self.dayInMilliseconds * Self.dayInMilliseconds
    var isChanged = false
    var skipped: [String] = []
    for group in choosesGroups ? policies.signInGroups : [] {
      guard let wanted = claims.groups, let old = try? tx.resource(groupType, group.text) else { continue }
      let name = old.document.attributes["displayName"]?.stringValue ?? group.text
      let isWanted = !wanted.isDisjoint(with: [TextKey(folding: name), TextKey(folding: group.text)])
      let isIn = tx.isMember(id, of: old)
      guard isWanted ? !isIn : isIn && note.groups.contains(group) else { continue }
      do throws(SCIMError) {
        if isWanted { try checkCritical(group, name, tx) }
        try tx.step { tx throws(SCIMError) in
          let edit: MembershipEdit = isWanted ? .add([id.text]) : .remove([id.text])
          try tx.update(old, old.document, [edit], skipsUnknown: false)
        }
      } catch {
        skipped.append("\(name): \(error.detail)")
        continue
      }
      note.groups.removeAll { $0 == group }
      if isWanted { note.groups.append(group) }
      isChanged = true
    }
    tx.set(note, of: id)
    return (isChanged, skipped)
  }

  /// A claim never makes anybody the holder of a critical role.
  private func checkCritical(_ group: ResourceID, _ name: String, _ tx: borrowing Transaction)
    throws(SCIMError)
  {
    let view = tx.membership
    guard let principal = view.principal(group) else { return }
    for holder in [group] + view.groups(of: principal).list.map(\.id) {
      for grant in table.grants(of: holder) where table.roles[grant.role]?.role.isCritical == true {
        throw SCIMError(
          .managedElsewhere,
          "The group has the critical role \(table.roles[grant.role]?.role.value ?? ""), which a claim "
            + "cannot give. Let an administrator add the member.")
      }
    }
  }
}
