/// How far a webhook is.
package struct WebhookProgress: Sendable {
  /// Everything up to this record was handled, but for the exceptions.
  package var position: UInt64
  /// Records behind the position.
  package var behind: UInt64
  package var exceptions: Int
  package var isCircuitOpen = false
  package var delivered = 0
  package var superseded = 0
  package var failed = 0

  /// - Parameter last: the last record that is on disk.
  init(position: UInt64, last: UInt64, exceptions: Int) {
    self.position = position
    behind = last > position ? last - position : 0
    self.exceptions = exceptions
  }
}
