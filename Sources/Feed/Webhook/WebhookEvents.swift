import Storage

/// What a delivery tells the rest of the server.
struct WebhookEvents: Sendable {
  /// Users left, and a webhook or stream, by its label, is to learn of it.
  let left: @Sendable ([Event], String, Directory) -> Void
  /// A call was made; with the id and the label of the target.
  let attempted: @Sendable (WebhookAttempt, Event, String, String, Directory) -> Void
  /// The target must not be called any more; its id and the reason.
  let disable: @Sendable (String, EventTarget, String, Directory) -> Void
  /// Something for the administrator of the machine.
  let report: @Sendable (String) -> Void
}
