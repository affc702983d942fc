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

  private let post: EventPost
  private let keys: MasterKeys
  private let environment: Environment

  package init(_ outbound: OutboundGuard, _ keys: MasterKeys, _ environment: Environment) {
    post = EventPost(outbound, environment)
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
    let time = environment.now()
    let call = call(name, time, body, webhook, id)
    let attempt = WebhookAttempt(webhook: webhook.name, event: name, type: type, time: time)
    return post.send(attempt, call.fields, body, to: webhook.url, timeout: webhook.timeout)
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
}
