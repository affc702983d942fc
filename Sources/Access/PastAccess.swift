import SCIM
package import Storage

/// Who could do what at one moment: roles, targets, grants and memberships as they were then.
package struct PastAccess: Sendable {
  private let past: PastDirectory
  private let nests: Bool
  private let table: AccessTable
  /// The users who had a right, by their names.
  package let users: [ResourceID]

  /// - Parameter nests: whether a group had the rights of the groups that it was in.
  package init(_ past: PastDirectory, in directory: Directory, nests: Bool) {
    self.past = past
    self.nests = nests
    var table = AccessTable()
    for name in AccessIndex.types {
      for resource in past.resources(directory.administrativeType(name)) {
        table.take(name, resource.id, resource.document, created: resource.created)
      }
    }
    self.table = table
    let evaluation = AccessEvaluation(past.membership(nests: nests), table, now: past.time)
    let holders = table.roles.keys.reduce(into: Set<ResourceID>()) {
      $0.formUnion(evaluation.holderIDs(of: $1))
    }
    users = past.orderedByName(holders)
  }

  /// The last record of the log that was read, with its hash.
  package var head: String? { past.head }

  /// What these users could do; nothing for those who were deactivated.
  package func access(of users: some Sequence<ResourceID>) -> [EffectiveAccess] {
    let evaluation = AccessEvaluation(past.membership(nests: nests), table, now: past.time)
    return users.compactMap { id in
      evaluation.view.principal(id).map { evaluation.access(of: $0, evaluation.walk($0)) }
    }
  }

  /// A grant of then.
  package func grant(_ id: ResourceID) -> Grant? { past.document(of: id).flatMap { Grant($0) } }
}
