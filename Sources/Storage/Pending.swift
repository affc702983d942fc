/// A value that must not be revealed before the record it depends on is on disk: no response may show what a power cut
/// could undo.
package struct Pending<Value: Sendable>: Sendable {
  @usableFromInline let value: Value
  @usableFromInline let seq: UInt64
  @usableFromInline let journal: Journal

  @usableFromInline init(_ value: Value, _ seq: UInt64, _ journal: Journal) {
    self.value = value
    self.seq = seq
    self.journal = journal
  }

  /// The value made into what is going to be revealed, on this thread.
  @inlinable package func map<Other>(_ transform: (Value) -> Other) -> Pending<Other> {
    Pending<Other>(transform(value), seq, journal)
  }

  /// Whether the value satisfies a condition, which reveals nothing of it.
  @inlinable package func contains(where condition: (Value) -> Bool) -> Bool {
    condition(value)
  }

  /// Whether a write was taken, which reveals nothing of its result.
  package func isAccepted<Success, Failure>() -> Bool where Value == Result<Success, Failure> {
    if case .success = value { true } else { false }
  }

  /// The value, when it is on disk; blocks until then. After a failed sync it never returns.
  package func whenDurable() -> Value {
    if let value = ifDurable { return value }
    let durable = WorkerPool.Signal()
    journal.whenDurable(seq) { durable.signal() }
    durable.wait()
    return value
  }

  /// The value if it is on disk already; nil if the caller would have to wait.
  package var ifDurable: Value? { journal.durable >= seq ? value : nil }

  /// Delivers the value: at once on this thread if it is already on disk, otherwise on the journal's writer after the
  /// sync; `body` must be short. After a failed sync it never runs.
  @inlinable package func whenDurable(_ body: @escaping @Sendable (Value) -> Void) {
    let value = value
    journal.whenDurable(seq) { body(value) }
  }
}
