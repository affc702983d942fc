import JSON
package import SCIM

/// Where the events of a directory are sent: the value of a resource of type Webhook.
package struct Webhook: Sendable {
  package enum State: String, Sendable, CaseIterable {
    case active, paused, disabled
  }

  package static let maxInFlight = 16
  package static let maxTimeout = 60
  /// Webhooks of one directory.
  package static let maxWebhooks = 100

  package var name: String
  package var url: String
  /// Empty for all.
  package var types: [EventType] = []
  /// The id of the connection; nil for everything.
  package var connection: String?
  package var isThin = false
  /// Seconds.
  package var timeout = 15
  package var inFlight = 4
  package var state = State.active
  package var reason: String?
  package var generation = 1
  package var overlapEnds: DateTime?
  /// The last record before its first event.
  package var start: UInt64

  package init(name: String, url: String, start: UInt64) {
    self.name = name
    self.url = url
    self.start = start
  }

  /// Nil if the document is not that of a webhook.
  package init?(_ document: Document) {
    let attributes = document.attributes
    guard let name = attributes["name"]?.stringValue, let url = attributes["url"]?.stringValue,
      let start = attributes["start"]?.integerValue.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    func number(_ name: String) -> Int? { attributes[name]?.integerValue.flatMap { Int(exactly: $0) } }
    self.init(name: name, url: url, start: start)
    types = (attributes["types"]?.arrayValue ?? []).compactMap {
      $0.stringValue.flatMap { EventType(rawValue: $0) }
    }
    connection = attributes["connection"]?.stringValue
    isThin = attributes["thin"]?.boolValue ?? false
    timeout = number("timeout") ?? timeout
    inFlight = number("inFlight") ?? inFlight
    state = attributes["state"]?.stringValue.flatMap { State(rawValue: $0) } ?? .disabled
    reason = attributes["reason"]?.stringValue
    generation = number("generation") ?? 1
    overlapEnds = attributes["overlapEnds"]?.stringValue.flatMap { DateTime($0) }
  }

  package var document: Document {
    var attributes: JSONObject = ["name": .string(name), "url": .string(url)]
    if !types.isEmpty { attributes["types"] = .array(types.map { .string($0.rawValue) }) }
    attributes["connection"] = connection.map { .string($0) }
    if isThin { attributes["thin"] = true }
    attributes["timeout"] = .integer(Int64(timeout))
    attributes["inFlight"] = .integer(Int64(inFlight))
    attributes["state"] = .string(state.rawValue)
    attributes["reason"] = reason.map { .string($0) }
    attributes["generation"] = .integer(Int64(generation))
    attributes["overlapEnds"] = overlapEnds.map { .string($0.description) }
    attributes["start"] = .integer(Int64(clamping: start))
    return Document(attributes)
  }

  /// Whether it gets an event.
  func wants(_ event: Event) -> Bool {
    guard types.isEmpty || types.contains(event.type) else { return false }
    guard let connection else { return true }
    return event.actor?["connection"]?.stringValue?.hasSameBytes(as: connection) ?? false
  }
}
