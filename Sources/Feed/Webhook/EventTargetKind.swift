/// What events are sent to, by the name of its resource type.
package enum EventTargetKind: String, Sendable, CaseIterable {
  case webhook = "Webhook"
  case stream = "Stream"

  /// The word for people, which is also what the keys of its notes begin with.
  package var noun: String {
    switch self {
    case .webhook: "webhook"
    case .stream: "stream"
    }
  }

  func label(_ name: String) -> String { self == .webhook ? name : "\(noun) \(name)" }
}
