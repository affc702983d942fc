import Platform
package import SCIM

// Administrative operations outside the protocol.
extension Directory {
  /// All resources of a type, or all deleted ones that are kept, in order of creation or deletion.
  package func summaries(_ type: ResourceType, deleted: Bool) -> Pending<SummaryPieces> {
    let now = environment.now()
    let (capture, number, seq) = state.withLock { state in
      (state.directory.capture(), state.directory.typeNumber(type), state.directory.last)
    }
    return Pending(
      SummaryPieces(capture, type, number: number, deleted: deleted, now: now), seq, journal)
  }

  /// Brings a deleted resource back with its memberships; errors are those of `Transaction.restore`.
  package func restore(
    _ type: ResourceType, _ id: String, _ context: RequestContext
  ) -> Pending<Result<StoredResource?, SCIMError>> {
    write(context, membersUpTo: 1000) { tx throws(SCIMError) in try tx.restore(type, id) }
  }
}
