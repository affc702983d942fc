import Feed
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Named positions in the feed, which applications may keep on the server instead of in a store of their own.
enum ConsumersNoun {
  private static let prefix = "consumer:"
  private static let maxConsumers = 1000
  private static let maxNameBytes = 128

  static let schema = AdminSchema.object([
    .init("name", .text), .init("position", .text), .init("time", .time), .init("key", .text, optional: true),
  ])

  static let bodySchema = AdminSchema.object([.init("position", .text)])

  static var routes: [AdminRoute] {
    let root = AdminRoute.directory + "/consumers"
    return [
      AdminRoute(
        .get, root, "consumers", "list", .read, "List the positions that applications keep on the server",
        answers: .json(.page(.named("Consumer")))
      ) { call throws(AdminProblem) in try list(call) }.with { $0.parameters = AdminParameter.page }
    ]
  }

  static var ofApplications: [AdminRoute] {
    let root = AdminRoute.application + "/consumers"
    let one = root + "/{name}"
    return [
      AdminRoute(
        .get, root, "api", "consumers", .eventsRead, "List the named positions",
        answers: .json(.page(.named("Consumer")))
      ) { call throws(AdminProblem) in try list(call) }.with { $0.parameters = AdminParameter.page },
      AdminRoute(
        .get, one, "api", "consumer", .eventsRead, "Show a named position", answers: .json(.named("Consumer"))
      ) { call throws(AdminProblem) in
        guard let note = call.directory.note(prefix + (try name(call))).whenDurable() else {
          throw unknown(call["name"])
        }
        return AdminAnswer(json(call["name"], note))
      },
      AdminRoute(
        .put, one, "api", "setConsumer", .eventsRead,
        "Keep a position under a name: everything up to it was handled",
        answers: .json(.named("Consumer"))
      ) { call throws(AdminProblem) in try set(call) }.with { $0.body = .json(.named("ConsumerPosition")) },
      AdminRoute(
        .delete, one, "api", "removeConsumer", .eventsRead, "Forget a named position",
        answers: .json(.object([.init("removed", .boolean)]))
      ) { call throws(AdminProblem) in
        let key = prefix + (try name(call))
        guard call.directory.note(key).whenDurable() != nil else { throw unknown(call["name"]) }
        try write(key, nil, call)
        return AdminAnswer(["removed": true])
      },
    ].map { $0.with { $0.isOfCaller = true } }
  }

  /// Where a consumer is.
  static func position(of name: String, _ call: AdminCall) throws(AdminProblem) -> EventID {
    guard
      let id = call.directory.note(prefix + name).whenDurable()?["position"]?.stringValue.flatMap({
        EventID($0)
      })
    else { throw unknown(name) }
    return id
  }

  // MARK: Parts

  private static func list(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let all = call.directory.notes(withPrefix: prefix)
    return try AdminAnswer(page: call, of: all) { json(String($0.key.dropFirst(prefix.count)), $0.value) }
  }

  private static func set(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let reader = try call.object()
    try reader.allow(["position"], of: "a consumer")
    let (name, text) = (try name(call), try reader.text("position"))
    guard let id = EventID(text) else {
      throw AdminProblem(.invalidMember, "position must be the id of an event.", at: "/position")
    }
    _ = try EventsNoun.reading({ feed throws(FeedError) in try feed.page(after: id, limit: 1) }, call)
    var value: JSONObject = [
      "position": .string(id.description),
      "time": .string(DateTime(milliseconds: call.world.environment.now()).description),
    ]
    if case .key(let key) = call.caller.identity { value["key"] = .string(key) }
    try write(prefix + name, .object(value), call)
    return AdminAnswer(json(name, .object(value)))
  }

  private static func write(_ key: String, _ value: JSONValue?, _ call: AdminCall) throws(AdminProblem) {
    let known = call.directory.notes(withPrefix: prefix)
    if value != nil, known.count >= maxConsumers, !known.contains(where: { $0.key.hasSameBytes(as: key) }) {
      throw AdminProblem(
        .conflict, "The directory has \(maxConsumers) consumers already.",
        fix: "Delete those that are not used.")
    }
    let result = call.directory.write(call.context("PUT /consumers/{name}")) { tx throws(SCIMError) in
      tx.note(key, value)
      return nil
    }.whenDurable()
    if case .failure(let error) = result { throw AdminProblem(error) }
  }

  /// The name in the path: visible ASCII without a slash.
  private static func name(_ call: AdminCall) throws(AdminProblem) -> String {
    let bytes = Array(call["name"].utf8)
    guard (1...maxNameBytes).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw AdminProblem(
        .invalidParameter, "The name must be 1 to \(maxNameBytes) visible ASCII characters.")
    }
    return call["name"]
  }

  private static func unknown(_ name: String) -> AdminProblem {
    AdminProblem(.unknownConsumer, "No consumer \"\(name.prefix(64))\" exists.")
  }

  private static func json(_ name: String, _ note: JSONValue) -> JSONValue {
    var object: JSONObject = ["name": .string(name)]
    object.members += note.objectValue?.members ?? []
    return .object(object)
  }
}
