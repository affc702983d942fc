import JSON
import Platform
package import SCIM
package import Storage

/// The roles that an identity provider names in the `roles` of its users, as grants of origin `scim`: those of the
/// connection's `assignableRoles`, removed when the provider no longer names them.
package struct ProviderRoles: Sendable {
  /// Requests for critical roles that wait in a directory; beyond, no more drafts are made.
  private static let maxRequests = 1000

  private let directory: Directory
  private let index: AccessIndex
  private let connection: ResourceID

  /// Nil if the policy of the directory does not let providers assign roles.
  package init?(_ directory: Directory, _ index: AccessIndex, connection: ResourceID) {
    guard directory.description.policies.rolesFromIdp else { return nil }
    (self.directory, self.index, self.connection) = (directory, index, connection)
  }

  /// Makes the grants of a user what the document says; in the change that wrote it, whose steps so far it sees.
  package func follow(_ user: ResourceID, _ tx: inout Transaction) throws(SCIMError) {
    let types = AccessTypes(directory)
    guard let old = try? tx.resource(types.user, user.text), tx.isManaged(old, by: connection) else { return }
    var change = AccessChange(directory, index.table(of: directory), now: index.environment.now())
    let wanted = try wanted(old.document, change.table, tx)
    let held = tx.find(types.grant, "principal", user.text).compactMap { id -> (ResourceID, Grant)? in
      guard let document = try? tx.resource(types.grant, id.text).document else { return nil }
      return Grant(document).flatMap { change.table.drafts.isApplied($0.endsWith) ? nil : (id, $0) }
    }
    for (id, grant) in held
    where grant.origin == .scim && !wanted.roles.contains(where: { $0.id == grant.role }) {
      try change.perform(.removeGrant(id), &tx)
    }
    for role in wanted.roles where !held.contains(where: { $0.1.role == role.id && $0.1.target == nil }) {
      let grant = NewGrant(
        principal: user, isGroup: false, role: role.role.value, origin: .scim, grantedBy: wanted.giver)
      if role.role.isCritical {
        try ask(for: grant, role.id, &tx)
      } else {
        try change.perform(.addGrant(grant), &tx)
      }
    }
    try withdraw(user, except: wanted.roles.map(\.id), &tx)
  }

  private func wanted(
    _ user: Document, _ table: AccessTable, _ tx: borrowing Transaction
  ) throws(SCIMError) -> (roles: [AccessTable.RoleEntry], giver: String) {
    let type = directory.administrativeType("Connection")
    let document = try tx.resource(type, connection.text).document
    let assignable = Set(
      (document.attributes["assignableRoles"]?.arrayValue ?? []).compactMap {
        $0.stringValue.map { TextKey(folding: $0) }
      })
    var roles: [AccessTable.RoleEntry] = []
    for element in user.attributes["roles"]?.arrayValue ?? [] {
      guard let value = element["value"]?.stringValue, assignable.contains(TextKey(folding: value)),
        let role = table.role(value), role.role.kind == .account,
        !roles.contains(where: { $0.id == role.id })
      else { continue }
      roles.append(role)
    }
    return (roles, document.attributes["name"]?.stringValue ?? connection.text)
  }

  // MARK: Critical roles

  private static func prefix(_ user: ResourceID) -> String { "role-request:\(user.text):" }

  /// A critical role waits for an administrator in a draft: one for each time the provider names it again.
  private func ask(
    for grant: NewGrant, _ role: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) {
    let key = Self.prefix(grant.principal) + role.text
    guard tx.note(key) == nil, tx.noteKeys(withPrefix: "role-request:").count < Self.maxRequests else {
      return
    }
    let name = tx.membership.name(of: grant.principal)
    var draft = AccessDraft(
      name: "\(grant.grantedBy ?? "") asks for the critical role \(grant.role) for \(name.prefix(64))",
      steps: [.addGrant(grant)])
    draft.createdBy = grant.grantedBy
    let type = directory.administrativeType("Draft")
    let document = draft.document.ordered(for: type)
    let id = try tx.step { tx throws(SCIMError) in
      try tx.create(type, document, members: [], skipsUnknown: false)
    }
    tx.note(key, about: grant.principal, ["draft": .string(id.text)])
  }

  /// What the provider no longer asks for is not given later either.
  private func withdraw(
    _ user: ResourceID, except roles: [ResourceID], _ tx: inout Transaction
  ) throws(SCIMError) {
    let type = directory.administrativeType("Draft")
    for key in tx.noteKeys(withPrefix: Self.prefix(user)) {
      guard !roles.contains(where: { key.hasSuffix($0.text) }) else { continue }
      if let id = tx.note(key)?["draft"]?.stringValue, let old = try? tx.resource(type, id),
        AccessDraft(old.document)?.state == .open
      {
        try tx.step { tx throws(SCIMError) in try tx.delete(old) }
      }
      tx.note(key, nil)
    }
  }
}
