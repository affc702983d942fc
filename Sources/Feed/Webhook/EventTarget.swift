import Storage

/// Where a delivery sends the events of a directory: a webhook, or a stream whose tokens are pushed.
struct EventTarget: Sendable {
  let kind: EventTargetKind
  let name: String
  /// Calls at the same time.
  let inFlight: Int
  /// The last record before its first event.
  let start: UInt64
  let wants: @Sendable (Event) -> Bool
  /// Makes one call; blocks.
  let send: @Sendable (Event) -> WebhookAttempt

  /// Its name where webhooks and streams stand next to each other.
  var label: String { kind.label(name) }
}
