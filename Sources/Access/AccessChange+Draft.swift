package import SCIM
package import Storage

// The steps of a large draft, whose grants take effect only when it is applied.
extension AccessChange {
  /// Makes a pending grant, or marks one that the draft removes. Throws if the role or target does not exist.
  ///
  /// - Returns: false for a step that others made impossible or needless since the draft was made, so that it is skipped.
  package mutating func prepare(
    _ step: AccessStep, of draft: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) -> Bool {
    switch step {
    case .addGrant(let grant):
      return try tx.step { tx throws(SCIMError) in try give(grant, draft, &tx) }
    case .removeGrant(let id):
      return try tx.step { tx throws(SCIMError) in try mark(id, draft, &tx) }
    default: throw SCIMError(.conflict, "A large draft can only give and remove grants.")
    }
  }

  /// False if the principal was deleted, the grant would have ended, or the principal has the role already.
  private mutating func give(
    _ new: NewGrant, _ draft: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) -> Bool {
    try checkRoom()
    var grant = try grant(new, tx).grant
    if let expires = new.expires, expires.milliseconds <= now { return false }
    guard case .some = tx.version(of: new.principal) else { return false }
    if let other = tx.find(types.grant, "key", grant.key).first {
      let old = try tx.resource(types.grant, other.text)
      guard hasEnded(Grant(old.document)) else { return false }
      try tx.step { tx throws(SCIMError) in try tx.delete(old) }
    }
    grant.draft = draft
    try create(grant, &tx)
    return true
  }

  /// False for a grant that does not exist any more, or that another draft makes or removes.
  private mutating func mark(
    _ id: ResourceID, _ draft: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) -> Bool {
    guard let old = try? tx.resource(types.grant, id.text), var grant = Grant(old.document),
      grant.endsWith == nil, !isPending(grant), let undo = step(restoring: grant)
    else { return false }
    grant.endsWith = draft
    try set(grant, old, &tx)
    note(undo: undo)
    return true
  }

  /// Undoes what `prepare` did for a part of a draft that is not applied.
  package func takeBack(
    _ steps: [AccessStep], undo: [AccessStep], of draft: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) {
    for case .removeGrant(let id) in undo {
      guard let old = try? tx.resource(types.grant, id.text), Grant(old.document)?.draft == draft else {
        continue
      }
      try tx.delete(old)
    }
    for case .removeGrant(let id) in steps {
      guard let old = try? tx.resource(types.grant, id.text), var grant = Grant(old.document),
        grant.endsWith == draft
      else { continue }
      grant.endsWith = nil
      try set(grant, old, &tx)
    }
  }

  /// Removes the grants that ended with a draft that is applied.
  package func removeEnded(
    _ steps: [AccessStep], of draft: ResourceID, _ tx: inout Transaction
  ) throws(SCIMError) {
    for case .removeGrant(let id) in steps {
      guard let old = try? tx.resource(types.grant, id.text), Grant(old.document)?.endsWith == draft else {
        continue
      }
      try tx.delete(old)
    }
  }

  private func set(
    _ grant: Grant, _ old: Transaction.Existing, _ tx: inout Transaction
  ) throws(SCIMError) {
    try tx.update(old, grant.document.ordered(for: types.grant), [], skipsUnknown: false)
  }
}
