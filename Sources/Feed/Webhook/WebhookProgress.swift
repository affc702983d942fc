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

  package init(position: UInt64, behind: UInt64, exceptions: Int) {
    self.position = position
    self.behind = behind
    self.exceptions = exceptions
  }

  init(
    position: UInt64, behind: UInt64, exceptions: Int, isCircuitOpen: Bool, delivered: Int, superseded: Int,
    failed: Int
  ) {
    self.init(position: position, behind: behind, exceptions: exceptions)
    self.isCircuitOpen = isCircuitOpen
    self.delivered = delivered
    self.superseded = superseded
    self.failed = failed
  }
}
