import Platform
package import SCIM

// Erasing a resource for good: the record, and then the files.
extension Directory {
  /// Traces of an erased resource in the files.
  package struct ErasureResult: Sendable, Equatable {
    /// Names of the rewritten files.
    package var rewritten: [String] = []
    /// Files that may still have values: damaged ones, and copies of such.
    package var unreadable: [String] = []
    /// Why the files were not gone through; the next snapshot or the next start tries again.
    package var postponed: String?
  }

  /// Whether a resource with that id exists, is deleted but kept, or appears in the history.
  package func knows(_ id: ResourceID) throws(LogError) -> Bool {
    let isHere = state.withLock { $0.directory.slots[id] != nil || $0.directory.tombstones[id] != nil }
    if isHere { return true }
    return try !ResourceHistory(of: id, folder: folder, directory: name).events.isEmpty
  }

  /// Takes a resource out of the state and out of the record of the deleted ones; errors are those of
  /// `Transaction.erase`. The files follow with `finishErasure`, or with the next start if that is not called.
  package func erase(
    _ type: ResourceType, _ id: ResourceID, _ context: RequestContext
  ) -> Pending<Result<Bool, SCIMError>> {
    writeTogether(context) { tx throws(SCIMError) in
      try tx.erase(type, id)
      return true
    }
  }

  /// Removes the values of an erased resource from all files; blocks until that is done or postponed. Also works for
  /// one erased before.
  package func finishErasure(of id: ResourceID) -> ErasureResult {
    state.withLock { $0.directory.awaitErasure(of: [id]) }
    // The snapshot in progress may have begun before the record.
    for _ in 0..<2 {
      let ended = state.withLock { state -> WorkerPool.Signal? in
        guard state.directory.erased.contains(id) else { return nil }
        let ended = WorkerPool.Signal()
        state.erasure = nil
        state.waiting.append(ended)
        beginSnapshot(&state)
        return ended
      }
      ended?.wait()
    }
    return state.withLock { state in
      var result = state.erasure ?? ErasureResult()
      if state.directory.erased.contains(id), result.postponed == nil {
        result.postponed = "the journal could not start a new file"
      }
      return result
    }
  }

  /// Writes the record that lets rewritten records be believed; blocks until it is on disk.
  private func announce(_ rewrites: [Change.Rewrite]) throws(LogError) {
    guard !rewrites.isEmpty else { return }
    let context = RequestContext(
      Actor(.server), requestID: "erasure", operation: "ERASE values from the files")
    let written = writeTogether(context) { tx throws(SCIMError) in tx.changes.append(.erasure(rewrites)) }
    // Not `whenDurable`: if the journal fails meanwhile, that would wait indefinitely.
    guard case .success = written.value, journal.isDurable(written.seq) else {
      throw .system(file: folder, SystemError(call: "write the record of an erasure", code: LogIO.noSpace))
    }
  }

  /// Every record up to `point` is in a segment that is not written to any more. False if the values still exist; then
  /// no snapshot may be written, because the next start would forget them.
  func completeErasure(of ids: Set<ResourceID>, at point: LogPoint) -> Bool {
    guard !ids.isEmpty else { return true }
    var result = ErasureResult()
    if state.withLock({ $0.backups > 0 }) {
      result.postponed = "a backup is in progress; the values are erased as soon as it ends"
    } else {
      let erasure = LogErasure(
        folder: folder, directory: name, ids: Set(ids.map(\.text)),
        time: DateTime(milliseconds: environment.now()).description, io: io)
      do throws(LogError) {
        try announce(try erasure.plan(before: point.seq + 1))
        let outcome = try erasure.run(before: point.seq + 1)
        result.rewritten = outcome.rewritten
        result.unreadable = outcome.unreadable
      } catch {
        result.postponed = "\(error)"
      }
    }
    if let reason = result.postponed {
      report(.warning("erased values are still in files of \(name): \(reason)"))
    }
    for file in result.unreadable { report(.warning("erased values may still be in \(file)")) }
    let isComplete = result.postponed == nil
    state.withLock { state in
      state.erasure = result
      if isComplete { state.directory.endErasure(of: ids) }
    }
    return isComplete
  }
}
