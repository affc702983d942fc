package import JSON
import SCIM

/// One call to the receiver of a webhook or stream, and what came of it.
package struct WebhookAttempt: Sendable {
  package let webhook: String
  package let event: String
  package let type: String
  /// Milliseconds since 1970.
  package let time: Int64
  package var milliseconds: Int64 = 0
  /// The receiver's status; nil if there was no answer.
  package var status: Int?
  /// The beginning of the answer as text, and only of public addresses.
  package var answer: String?
  /// Why there was no answer.
  package var error: String?
  var outcome = WebhookOutcome.failed(slowDown: nil)

  /// A call that begins now.
  package init(webhook: String, event: String, type: String, time: Int64) {
    self.webhook = webhook
    self.event = event
    self.type = type
    self.time = time
  }

  package var isAccepted: Bool { outcome == .accepted }

  package var json: JSONValue {
    var object: JSONObject = [
      "webhook": .string(webhook), "event": .string(event), "type": .string(type),
      "time": .string(DateTime(milliseconds: time).description), "milliseconds": .integer(milliseconds),
      "accepted": .bool(isAccepted),
    ]
    if let status { object["status"] = .integer(Int64(status)) }
    if let answer { object["answer"] = .string(answer) }
    if let error { object["error"] = .string(error) }
    return .object(object)
  }
}
