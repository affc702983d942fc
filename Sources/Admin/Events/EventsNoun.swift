import Feed
import HTTP
import JSON
import Platform
import Storage

/// What happened in a directory, in order: for applications under `/api/v1`, and for administrators.
enum EventsNoun {
  static let schema = AdminSchema.open([
    .init("id", .text), .init("previousId", .text, optional: true),
    .init("type", .choice(EventType.allCases.map(\.rawValue))), .init("time", .time),
    .init("directory", .text),
    .init("hash", .text),
    .init(
      "actor",
      .object([
        .init("kind", .text), .init("key", .text, optional: true), .init("connection", .text, optional: true),
      ]), optional: true),
    .init("request", .text, optional: true), .init("job", .text, optional: true),
    .init("subject", .open([.init("type", .text), .init("id", .text)])),
    .init("changed", .open([]), optional: true), .init("previous", .open([]), optional: true),
    .init("erased", .boolean, optional: true),
    .init(
      "current", .object([.init("asOf", .text), .init("resource", .named("Resource"), optional: true)]),
      optional: true),
  ])

  static let maxWait = 30

  private static let selection = [
    AdminParameter("types", .text(maxBytes: 2048), "Only these types, with commas between them."),
    AdminParameter("thin", .flag, "Without values: only what happened to whom."),
  ]

  private static let after = [
    AdminParameter(
      "after", .text(maxBytes: 64), "Only events after this one: an event's id, or `next` or `asOf`.")
  ]

  static var routes: [AdminRoute] {
    let root = AdminRoute.directory + "/events"
    return [
      AdminRoute(
        .get, root, "events", "list", .read, "List the events of a directory",
        answers: .json(.page(.named("Event")))
      ) { call throws(AdminProblem) in try list(call, cursor(call)) }.with {
        $0.parameters =
          after + selection + [
            AdminParameter("limit", .integer(1...500, fallback: 50), "Maximum items per page."),
            AdminParameter("newest", .flag, "The last events instead of the first."),
          ]
        $0.isLong = true
      },
      AdminRoute(
        .get, root + "/watch", "events", "watch", .read, "Stream events as server-sent events",
        answers: .lines("text/event-stream")
      ) { call throws(AdminProblem) in try follow(call) }.with { $0.parameters = after + selection },
      AdminRoute(
        .get, root + "/{id}", "events", "show", .read, "Show an event", answers: .json(.named("Event"))
      ) { call throws(AdminProblem) in
        guard let id = EventID(call["id"]),
          let event = try reading({ feed throws(FeedError) in try feed.event(id) }, call)
        else {
          throw AdminProblem(.unknownEvent, "No event \"\(call["id"].prefix(64))\" is kept.")
        }
        return AdminAnswer(event.json())
      }.with { $0.isLong = true },
    ]
  }

  static var ofApplications: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.application + "/events", "api", "events", .eventsRead,
        "List the events of the directory, wait for the next, or stream them (Accept: text/event-stream)",
        answers: .json(.page(.named("Event")))
      ) { call throws(AdminProblem) in
        if wantsStream(call) { return try follow(call) }
        return try list(call, cursor(call), wait: call.query.integer("wait"))
      }.with {
        $0.parameters =
          after + selection + [
            AdminParameter("limit", .integer(1...500, fallback: 50), "Maximum items per page."),
            AdminParameter("current", .flag, "With each event, what its subject is now."),
            AdminParameter(
              "wait", .integer(0...maxWait, fallback: 0), "Seconds to wait if there is no event yet."),
            AdminParameter(
              "consumer", .text(maxBytes: 128), "Only events after the position of this consumer."),
          ]
        $0.isOfCaller = true
        $0.isLong = false
      }
    ]
  }

  // MARK: Reading

  private static func wantsStream(_ call: AdminCall) -> Bool {
    guard let field = call.head[.accept] else { return false }
    return String(decoding: field, as: UTF8.self).lowercased().hasPrefix("text/event-stream")
  }

  private static func list(
    _ call: AdminCall, _ cursor: EventID?, wait: Int = 0
  ) throws(AdminProblem) -> AdminAnswer {
    let (types, limit, form) = (try types(call), call.query.integer("limit"), try form(call))
    let feed = call.world.feed.of(call.directory)
    if !call.isOfApplication, call.query.has("newest") {
      let page = try reading({ feed throws(FeedError) in try feed.newest(limit, types: types) }, call)
      return AdminAnswer(form.json(page, feed))
    }
    let page = try reading(
      { feed throws(FeedError) in try feed.page(after: cursor, types: types, limit: limit) }, call)
    guard wait > 0, page.events.isEmpty else { return AdminAnswer(form.json(page, feed)) }
    let poll = EventPoll(
      call.world.feed, call.directory, after: page.next, types: types, limit: limit, seconds: Double(wait)
    ) { form.json($0, feed) }
    call.world.followers.add(poll)
    poll.begin()
    return AdminAnswer(.stream(poll), "application/json")
  }

  private static func follow(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let selection = EventSelection(types: try types(call), form: try form(call))
    let feed = call.world.feed.of(call.directory)
    let start: EventID
    if let cursor = try cursor(call) {
      // Refused now, with a status, if it is not one.
      _ = try reading({ feed throws(FeedError) in try feed.page(after: cursor, limit: 1) }, call)
      start = cursor
    } else {
      start = feed.end
    }
    let follower = EventFollower(call.world.feed, call.directory, after: start, selection)
    call.world.followers.add(follower)
    follower.begin()
    return AdminAnswer(.stream(follower), "text/event-stream")
  }

  /// Where to begin: `Last-Event-ID` of a reader that reconnects, `after`, or the position of a consumer.
  private static func cursor(_ call: AdminCall) throws(AdminProblem) -> EventID? {
    let field = call.head[.lastEventID].map { String(decoding: $0, as: UTF8.self) }
    if let text = field ?? call.query["after"] {
      guard let id = EventID(text) else {
        throw AdminProblem(.invalidCursor, "\"\(text.prefix(64))\" is not the id of an event.", at: "?after")
      }
      return id
    }
    guard call.isOfApplication, let name = call.query["consumer"] else { return nil }
    return try ConsumersNoun.position(of: name, call)
  }

  /// What a resource is now is for those who may read it.
  private static func form(_ call: AdminCall) throws(AdminProblem) -> EventForm {
    let form = EventForm(
      isThin: call.query.has("thin"), showsCurrent: call.isOfApplication && call.query.has("current"))
    guard !form.showsCurrent || call.caller.scopes.contains(.peopleRead) else {
      throw AdminProblem(
        .insufficientScope, "current needs the scope \(AdminScope.peopleRead.rawValue) too.", at: "?current")
    }
    return form
  }

  static func types(_ call: AdminCall) throws(AdminProblem) -> Set<EventType> {
    var types = Set<EventType>()
    for name in (call.query["types"] ?? "").split(separator: ",") {
      guard let type = EventType(rawValue: String(name)) else {
        throw AdminProblem(
          .invalidParameter, "\"\(name.prefix(64))\" is not an event type.", at: "?types",
          fix: "See /docs/events for all types.")
      }
      types.insert(type)
    }
    return types
  }

  static func reading<Value>(
    _ body: (DirectoryFeed) throws(FeedError) -> Value, _ call: AdminCall
  ) throws(AdminProblem) -> Value {
    do throws(FeedError) { return try body(call.world.feed.of(call.directory)) } catch {
      throw AdminProblem(error)
    }
  }
}

extension AdminProblem {
  init(_ error: FeedError) {
    switch error {
    case .unknownCursor:
      self.init(.invalidCursor, "The cursor is not an event of this directory.", at: "?after")
    case .gone(let oldest):
      self.init(
        .eventsGone,
        oldest.map { "Events after this cursor are not kept any more; the oldest is \($0)." }
          ?? "Events after this cursor are not kept any more.")
      self.oldest = oldest?.description
    case .log(let error): self.init(error)
    }
  }
}
