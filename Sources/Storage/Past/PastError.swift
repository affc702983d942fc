/// Why the state of a past moment cannot be known.
package enum PastError: Error, Sendable {
  /// The time is older than the records that are kept, of which the first is of this time; nil if none is kept.
  case beyondHistory(oldest: String?)
  /// Records after the time were lost, and a repair went on without them.
  case recordsLost(UInt64)
  case log(LogError)
}
