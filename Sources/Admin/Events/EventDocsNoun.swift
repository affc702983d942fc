import Feed
import HTTP
import JSON

/// What each type of event means, with its JSON Schema and an example; open to everyone who can connect.
enum EventDocsNoun {
  static let schema = AdminSchema.object([
    .init("type", .text), .init("meaning", .text), .init("securityEvents", .list(.text)),
    .init("schema", .open([])), .init("example", .open([])),
  ])

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, "/docs/events", "docs", "eventTypes", nil, "List all event types",
        answers: .json(.page(.named("EventType")))
      ) { _ in AdminAnswer(items: EventType.allCases.map { EventSchema($0).description }, next: nil) },
      AdminRoute(
        .get, "/docs/events/{name}", "docs", "eventType", nil, "Explain an event type",
        answers: .json(.named("EventType"))
      ) { call throws(AdminProblem) in
        guard let type = EventType(rawValue: call["name"]) else {
          throw AdminProblem(
            .unknownEventType, "The event type \"\(call["name"].prefix(64))\" does not exist.")
        }
        return AdminAnswer(EventSchema(type).description)
      },
    ]
  }
}
