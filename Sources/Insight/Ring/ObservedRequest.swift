/// A request that was answered, as the ring takes it from an event loop: nothing is formatted before its entry is
/// written, on the ring's own queue.
package protocol ObservedRequest: AnyObject, Sendable {
  /// The directory that it belongs to; `_system` if that is not known.
  var observedDirectory: String { get }

  /// About how many bytes it holds in memory.
  var observedBytes: Int { get }

  /// Writes everything except how it was answered and when; called once, on the ring's queue.
  func describe(to entry: inout EntryWriter, _ answer: ObservedAnswer)
}

/// How a request was answered.
package struct ObservedAnswer: Sendable {
  package let status: Int
  /// Milliseconds since 1970.
  package let time: Int64
  package let microseconds: UInt64

  package init(status: Int, time: Int64, microseconds: UInt64) {
    self.status = status
    self.time = time
    self.microseconds = microseconds
  }
}
