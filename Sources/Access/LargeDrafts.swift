import JSON
package import SCIM
package import Storage

/// The drafts of a directory that have more steps than one record makes: a Draft, and its steps in resources of type
/// DraftPart. A job applies them in records of one part each, which also keep what undoes the part; their grants take
/// effect with the record that makes the Draft `applied`.
///
/// A Draft is `preparing` while its parts are written or removed, so that a crash leaves nothing that looks whole.
package struct LargeDrafts: Sendable {
  private let directory: Directory
  private let maxKept: Int
  private let draftType: ResourceType
  private let partType: ResourceType

  /// - Parameter maxKept: steps that all of them keep together; beyond, those of the oldest applied ones are forgotten.
  package init(_ directory: Directory, maxKept: Int = 1_000_000) {
    self.directory = directory
    self.maxKept = maxKept
    draftType = directory.administrativeType("Draft")
    partType = directory.administrativeType("DraftPart")
  }

  // MARK: Making

  /// Writes a new draft with these steps; if that fails halfway, the next start removes it.
  ///
  /// - Returns: the id of the draft.
  package func create(
    _ draft: AccessDraft, _ steps: [AccessStep], _ context: RequestContext
  ) throws(SCIMError) -> ResourceID {
    let parts = stride(from: 0, to: steps.count, by: DraftPart.maxSteps).map { start in
      Array(steps[start..<min(start + DraftPart.maxSteps, steps.count)])
    }
    var draft = draft.inParts(parts.count, of: steps.count)
    draft.state = .preparing
    // The last record says that the request was carried out.
    var inner = context
    inner.idempotency = nil
    try makeRoom(for: steps.count, inner)
    let first = draft.document.ordered(for: draftType)
    let id = try directory.writeTogether(inner) { tx throws(SCIMError) in
      try tx.create(draftType, first, members: [], skipsUnknown: false)
    }.whenDurable().get()
    do throws(SCIMError) {
      _ = try directory.drafting(inner) { tx throws(SCIMError) -> (value: Void, use: Directory.DraftUse) in
        for (index, steps) in parts.enumerated()
        where tx.find(partType, "key", DraftPart.key(id, index, isUndo: false)).isEmpty {
          try create(DraftPart(id, index, isUndo: false, steps), &tx)
        }
        return ((), .inParts)
      }.whenDurable().get()
      try directory.writeTogether(context) { tx throws(SCIMError) in
        try change(id, &tx) { $0.state = .open }
      }.whenDurable().get()
    } catch {
      try? remove(id, inner) { _ in }
      throw error
    }
    return id
  }

  private func create(_ part: DraftPart, _ tx: inout Transaction) throws(SCIMError) {
    _ = try tx.create(partType, part.document.ordered(for: partType), members: [], skipsUnknown: false)
  }

  // MARK: Reading

  private func part(_ draft: ResourceID, _ index: Int, isUndo: Bool) -> DraftPart? {
    let key = DraftPart.key(draft, index, isUndo: isUndo)
    return directory.administrative(partType, called: key, by: "key").whenDurable()
      .flatMap { DraftPart($0.document) }
  }

  /// The steps of one part.
  package func steps(of draft: ResourceID, _ index: Int) throws(SCIMError) -> [AccessStep] {
    guard let part = part(draft, index, isUndo: false) else {
      throw SCIMError(
        .conflict,
        "The part \(index) of the draft \(draft.text) is missing. Discard it, and draft it again.")
    }
    return part.steps
  }

  /// All steps in order.
  package func steps(of draft: ResourceID, parts: Int) throws(SCIMError) -> [AccessStep] {
    var steps: [AccessStep] = []
    for index in 0..<parts { steps += try self.steps(of: draft, index) }
    return steps
  }

  /// What undoes a part; nil if it is not applied.
  package func undo(of draft: ResourceID, _ index: Int) -> [AccessStep]? {
    part(draft, index, isUndo: true)?.steps
  }

  /// What undoes all parts, the last one first.
  package func undo(of draft: ResourceID, parts: Int) -> [AccessStep] {
    (0..<parts).reversed().flatMap { undo(of: draft, $0) ?? [] }
  }

  /// The large drafts that were applied at the moment of an export.
  package static func applied(in source: ExportSource, _ directory: Directory) -> Set<ResourceID> {
    let type = directory.administrativeType("Draft")
    var found = Set<ResourceID>()
    var position: UInt32? = 0
    while let start = position {
      let (drafts, next) = source.administrative(type, from: start, limit: 50)
      position = next
      var numbers = DraftNumbers()
      for draft in drafts {
        numbers.set(draft.id, draft.document)
        if numbers.isApplied(draft.id) { found.insert(draft.id) }
      }
    }
    return found
  }

  // MARK: Changing

  /// Changes a draft in a transaction.
  package func change(
    _ id: ResourceID, _ tx: inout Transaction, _ body: (inout AccessDraft) throws(SCIMError) -> Void
  ) throws(SCIMError) {
    let old = try tx.resource(draftType, id.text)
    guard var draft = AccessDraft(old.document) else { throw .notFound("Draft \(id.text)") }
    try body(&draft)
    try tx.update(old, draft.document.ordered(for: draftType), [], skipsUnknown: false)
  }

  /// A part was applied: keeps what undoes it.
  package func keep(
    undo steps: [AccessStep], of draft: ResourceID, _ index: Int, _ tx: inout Transaction
  ) throws(SCIMError) {
    try create(DraftPart(draft, index, isUndo: true, steps), &tx)
  }

  /// A part is not applied any more.
  package func forgetUndo(
    of draft: ResourceID, _ index: Int, _ tx: inout Transaction
  ) throws(SCIMError) {
    for id in tx.find(partType, "key", DraftPart.key(draft, index, isUndo: true)) {
      try tx.delete(try tx.resource(partType, id.text))
    }
  }

  // MARK: Removing

  /// Removes a draft that is open or was not finished, with its parts.
  ///
  /// - Parameter body: what else goes into the last record.
  package func remove(
    _ id: ResourceID, _ context: RequestContext, _ body: (inout Transaction) -> Void
  ) throws(SCIMError) {
    var inner = context
    inner.idempotency = nil
    var parts = 0
    try directory.writeTogether(inner) { tx throws(SCIMError) in
      try change(id, &tx) { draft throws(SCIMError) in
        guard draft.state == .open || draft.state == .preparing else {
          throw SCIMError(.conflict, "The draft is being applied.")
        }
        draft.state = .preparing
        parts = draft.parts
      }
    }.whenDurable().get()
    try removeParts(id, parts, inner)
    try directory.writeTogether(context) { tx throws(SCIMError) in
      try tx.delete(try tx.resource(draftType, id.text))
      body(&tx)
    }.whenDurable().get()
  }

  /// Removes the parts of a draft, and what undoes them; the first part last, so that it is there until all are gone.
  private func removeParts(_ id: ResourceID, _ parts: Int, _ context: RequestContext) throws(SCIMError) {
    _ = try directory.drafting(context) {
      tx throws(SCIMError) -> (value: Void, use: Directory.DraftUse) in
      for index in (0..<parts).reversed() {
        for isUndo in [true, false] {
          for part in tx.find(partType, "key", DraftPart.key(id, index, isUndo: isUndo)) {
            try tx.delete(try tx.resource(partType, part.text))
          }
        }
      }
      return ((), .inParts)
    }.whenDurable().get()
  }

  /// Removes what a crash left unfinished; before the first request.
  package func tidy(_ context: RequestContext) throws(SCIMError) {
    for (id, draft) in all() {
      if draft.state == .preparing { try remove(id, context) { _ in } }
      if draft.isForgotten, part(id, 0, isUndo: false) != nil { try removeParts(id, draft.parts, context) }
    }
  }

  private func all() -> [(id: ResourceID, draft: AccessDraft)] {
    directory.administrativeResources(draftType).compactMap { resource in
      guard let document = resource.document, document.attributes["parts"] != nil else { return nil }
      return AccessDraft(document).map { (resource.id, $0) }
    }
  }

  /// Forgets the steps of the oldest applied drafts if all would keep too many. Throws 409 if those that are not applied
  /// have too many.
  private func makeRoom(for count: Int, _ context: RequestContext) throws(SCIMError) {
    let kept = all().filter { !$0.draft.isForgotten }
    let applied = kept.filter { $0.draft.state == .applied }
      .sorted { $0.draft.revision ?? 0 < $1.draft.revision ?? 0 }
    var total = kept.reduce(0) { $0 + $1.draft.count }
    let others = applied.reduce(total) { $0 - $1.draft.count }
    guard others + count <= maxKept else {
      throw SCIMError(
        .conflict,
        "The directory has large drafts of \(others) changes that are not applied, and can have \(maxKept). Apply "
          + "or discard some first.")
    }
    for (id, draft) in applied where total + count > maxKept {
      try directory.writeTogether(context) { tx throws(SCIMError) in
        try change(id, &tx) { $0.isForgotten = true }
      }.whenDurable().get()
      try removeParts(id, draft.parts, context)
      total -= draft.count
    }
  }
}

extension DirectoryAccess {
  /// Steps that give and remove grants, without those that cannot be made because the grant or the principal does not
  /// exist any more, the principal has the role already, or the grant would have ended.
  package func possible(_ steps: [AccessStep]) -> [AccessStep] {
    let now = now
    return examine { evaluation in
      let table = evaluation.table
      return steps.filter { step in
        switch step {
        case .removeGrant(let id): return table.grant(id).map(table.isInEffect) ?? false
        case .addGrant(let new):
          if let end = new.expires, end.milliseconds <= now { return false }
          guard evaluation.view.principal(new.principal) != nil else { return false }
          let (role, target) = (table.role(new.role)?.id, new.target.flatMap { table.target($0)?.id })
          return !table.grants(of: new.principal).contains { old in
            old.role == role && old.target == target && !table.isRemoved(old) && !old.isExpired(at: now)
          }
        default: return true
        }
      }
    }.whenDurable()
  }
}
