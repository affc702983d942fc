import Storage

/// What a delivery tells the rest of the server.
struct WebhookEvents: Sendable {
  /// Users left, and the webhook is to learn of it.
  let left: @Sendable ([Event], Webhook, Directory) -> Void
  /// A call was made; with the id of the webhook.
  let attempted: @Sendable (WebhookAttempt, Event, String, Directory) -> Void
  /// The webhook must not be called any more; its id, its name and the reason.
  let disable: @Sendable (String, String, String, Directory) -> Void
  /// Something for the administrator of the machine.
  let report: @Sendable (String) -> Void
}
