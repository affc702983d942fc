import JSON
package import SCIM
package import TLS

/// Where a directory's events go as signed tokens (RFC 8417): the value of a resource of type Stream.
package struct TokenStream: Sendable {
  package enum Delivery: String, Sendable, CaseIterable {
    /// The server calls the receiver (RFC 8935).
    case push
    /// The receiver asks (RFC 8936).
    case poll
  }

  package typealias State = Webhook.State

  /// Streams of one directory: each has keys in the public key set.
  package static let maxStreams = 20
  package static let maxAudiences = 16
  /// Algorithms whose keys can be derived from the master key.
  package static let algorithms: [SignatureAlgorithm] = [.es256, .edDSA]

  package var name: String
  /// Whom the tokens are for.
  package var audience: [String]
  /// Where tokens are pushed; nil for a receiver that polls.
  package var url: String?
  package var events = SecurityEvent.notices
  package var algorithm = SignatureAlgorithm.es256
  /// Seconds.
  package var timeout = 15
  package var inFlight = 4
  package var state = State.active
  package var reason: String?
  package var generation = 1
  package var overlapEnds: DateTime?
  /// The last record before its first event.
  package var start: UInt64

  package init(name: String, audience: [String], start: UInt64) {
    self.name = name
    self.audience = audience
    self.start = start
  }

  /// Nil if the document is not that of a stream.
  package init?(_ document: Document) {
    let attributes = document.attributes
    func text(_ name: String) -> String? { attributes[name]?.stringValue }
    func texts(_ name: String) -> [String] { (attributes[name]?.arrayValue ?? []).compactMap(\.stringValue) }
    func number(_ name: String) -> Int? { attributes[name]?.integerValue.flatMap { Int(exactly: $0) } }
    guard let name = text("name"),
      let start = attributes["start"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    self.init(name: name, audience: texts("audience"), start: start)
    url = text("url")
    events = texts("events").compactMap { SecurityEvent(rawValue: $0) }
    algorithm = text("algorithm").flatMap { SignatureAlgorithm(rawValue: $0) } ?? .es256
    timeout = number("timeout") ?? timeout
    inFlight = number("inFlight") ?? inFlight
    state = text("state").flatMap { State(rawValue: $0) } ?? .disabled
    reason = text("reason")
    generation = number("generation") ?? 1
    overlapEnds = text("overlapEnds").flatMap { DateTime($0) }
  }

  package var document: Document {
    var attributes: JSONObject = [
      "name": .string(name), "audience": .array(audience.map { .string($0) }),
      "events": .array(events.map { .string($0.rawValue) }), "algorithm": .string(algorithm.rawValue),
    ]
    attributes["url"] = url.map { .string($0) }
    attributes["timeout"] = .integer(Int64(timeout))
    attributes["inFlight"] = .integer(Int64(inFlight))
    attributes["state"] = .string(state.rawValue)
    attributes["reason"] = reason.map { .string($0) }
    attributes["generation"] = .integer(Int64(generation))
    attributes["overlapEnds"] = overlapEnds.map { .string($0.description) }
    attributes["start"] = .integer(Int64(clamping: start))
    return Document(attributes)
  }

  package var delivery: Delivery { if case nil = url { .poll } else { .push } }

  /// Numbers of the keys that receivers may need now: the current one, and for a time the one before.
  package func generations(at now: Int64) -> [Int] {
    guard generation > 1, let overlapEnds, overlapEnds.milliseconds > now else { return [generation] }
    return [generation, generation - 1]
  }

  /// What the stream makes of an event; empty if it does not get it.
  func securityEvents(of event: Event) -> [SecurityEvent] {
    event.type.securityEvents.filter { one in
      guard events.contains(one) else { return false }
      // The values were erased, and a later event says so.
      return !event.isErased || one.counterpart == nil
    }
  }

  func wants(_ event: Event) -> Bool { !securityEvents(of: event).isEmpty }

  /// The types of which it gets events.
  var types: Set<EventType> {
    Set(EventType.allCases.filter { $0.securityEvents.contains { events.contains($0) } })
  }
}
