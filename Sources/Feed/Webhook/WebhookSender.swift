package import Client
import JSON
package import Platform
import SCIM
package import Storage

/// Makes the calls. Blocks; to be used on threads of its own.
package struct WebhookSender: Sendable {
  /// One signed call.
  struct Call: Sendable {
    let id: String
    let timestamp: Int64
    let body: [UInt8]
    let signatures: String

    var fields: [(String, String)] {
      [
        ("Content-Type", "application/json"), ("Accept", "*/*"), ("webhook-id", id),
        ("webhook-timestamp", String(timestamp)), ("webhook-signature", signatures),
      ]
    }
  }

  /// Bytes of an answer that are kept.
  private static let keptBytes = 1024
  private static let maxRetryAfter = 3600

  private let outbound: OutboundGuard
  private let keys: MasterKeys
  private let environment: Environment

  package init(_ outbound: OutboundGuard, _ keys: MasterKeys, _ environment: Environment) {
    self.outbound = outbound
    self.keys = keys
    self.environment = environment
  }

  /// Sends an event.
  func send(_ event: Event, to webhook: Webhook, _ id: String) -> WebhookAttempt {
    send(
      event.id.description, event.type.rawValue, event.json(isThin: webhook.isThin).serialized(), to: webhook,
      id)
  }

  /// Sends something that is no event, so that people see whether the receiver works.
  package func test(_ webhook: Webhook, _ id: String) -> WebhookAttempt {
    let name = "test_\(environment.uuid())"
    let body: JSONValue = ["id": .string(name), "type": "webhook.test", "webhook": .string(webhook.name)]
    return send(name, "webhook.test", body.serialized(), to: webhook, id)
  }

  private func send(
    _ name: String, _ type: String, _ body: [UInt8], to webhook: Webhook, _ id: String
  ) -> WebhookAttempt {
    let (time, start) = (environment.now(), environment.monotonic())
    let call = call(name, time, body, webhook, id)
    func attempt(
      _ outcome: WebhookOutcome, status: Int? = nil, answer: String? = nil, error: String? = nil
    ) -> WebhookAttempt {
      WebhookAttempt(
        webhook: webhook.name, event: name, type: type, time: time,
        milliseconds: Int64(clamping: (environment.monotonic() &- start) / 1_000_000), status: status,
        answer: answer,
        error: error, outcome: outcome)
    }
    do throws(ClientError) {
      let place = try outbound.place(of: webhook.url)
      let response = try HTTPClient.brief(
        "POST", place.base, path: place.path, address: place.address, fields: call.fields, body: body,
        keep: Self.keptBytes, timeoutSeconds: Double(webhook.timeout))
      let text = place.isPublic ? String(decoding: response.body, as: UTF8.self) : nil
      return attempt(Self.outcome(of: response), status: response.status, answer: text)
    } catch {
      return attempt(.failed(slowDown: nil), error: "\(error)")
    }
  }

  private func call(
    _ name: String, _ time: Int64, _ body: [UInt8], _ webhook: Webhook, _ id: String
  ) -> Call {
    let timestamp = time / 1000
    var generations = [webhook.generation]
    if webhook.generation > 1, let ends = webhook.overlapEnds, ends.milliseconds > time {
      generations.append(webhook.generation - 1)
    }
    let signatures = generations.map {
      WebhookSecret(keys, id, generation: $0).signature(name, timestamp, body)
    }
    return Call(id: name, timestamp: timestamp, body: body, signatures: signatures.joined(separator: " "))
  }

  static func outcome(of response: ClientResponse) -> WebhookOutcome {
    switch response.status {
    case 200..<300: return .accepted
    case 410: return .gone
    case 429, 502, 503, 504: return .failed(slowDown: retryAfter(response) ?? 5000)
    default: return .failed(slowDown: retryAfter(response))
    }
  }

  /// In milliseconds, at most an hour; a date counts as a minute.
  private static func retryAfter(_ response: ClientResponse) -> Int64? {
    guard let text = response.field("Retry-After") else { return nil }
    guard let seconds = Int(text), seconds >= 0 else { return 60_000 }
    return Int64(min(seconds, maxRetryAfter)) * 1000
  }
}
