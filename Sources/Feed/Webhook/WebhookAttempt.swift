package import JSON
import SCIM

/// One call to a webhook's receiver, and what came of it.
package struct WebhookAttempt: Sendable {
  package let webhook: String
  package let event: String
  package let type: String
  /// Milliseconds since 1970.
  package let time: Int64
  package let milliseconds: Int64
  /// The receiver's status; nil if there was no answer.
  package let status: Int?
  /// The beginning of the answer as text, and only of public addresses.
  package let answer: String?
  /// Why there was no answer.
  package let error: String?
  let outcome: WebhookOutcome

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
