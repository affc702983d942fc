package import Client
package import Platform

/// Sends events to a receiver that the caller of a command names, with a secret that lives as long as the command.
package struct WebhookForwarder: Sendable {
  package let secret: WebhookSecret
  private let base: ClientBase
  private let path: String
  private let environment: Environment

  package init(_ url: String, _ environment: Environment) throws(ClientError) {
    (base, path, _) = try OutboundGuard.base(of: url)
    secret = WebhookSecret(key: environment.randomBytes(32))
    self.environment = environment
  }

  /// One call, with an event as it came.
  package func forward(_ id: String, _ type: String, _ body: [UInt8]) -> WebhookAttempt {
    let (time, start) = (environment.now(), environment.monotonic())
    let call = WebhookSender.Call(
      id: id, timestamp: time / 1000, body: body, signatures: secret.signature(id, time / 1000, body))
    var attempt = WebhookAttempt(webhook: "", event: id, type: type, time: time)
    do throws(ClientError) {
      let response = try HTTPClient.brief(
        "POST", base, path: path, address: nil, fields: call.fields, body: body, keep: 1024,
        timeoutSeconds: 15)
      (attempt.outcome, attempt.status) = (EventPost.outcome(of: response), response.status)
    } catch { attempt.error = "\(error)" }
    attempt.milliseconds = Int64(clamping: (environment.monotonic() &- start) / 1_000_000)
    return attempt
  }
}
