import Admin
import JSON
import Platform

/// What happened in a directory, as applications see it: `scimd events ...`.
enum EventCommands {
  static let all: [Command] = [list, follow, show]

  private static let selection: [Command.Option] = [
    ResourceCommands.directoryOption,
    .init(
      name: "types", value: "TYPES",
      help: "Only these types, with commas between them, such as user.deactivated,user.deleted."),
    .init(name: "after", value: "ID", help: "Only events after this one."),
    .init(name: "thin", help: "Without values: only what happened to whom."),
  ]

  private static let list = Command(
    path: ["events", "list"], summary: "List the events of a directory: the last ones, or those after one",
    details: [
      "An event is a change that is on disk: `scimd help feed` explains types, order and cursors. Applications get the "
        + "same from GET /api/v1/events with a key that has the scope api.events.read."
    ],
    options: selection + [
      .init(name: "limit", value: "N", help: "Maximum results, 1 to 500. Default: 50."),
      ResourceCommands.wideOption,
    ] + AdminClient.options + [Command.jsonOption],
    examples: [
      .init(does: "the last events", line: "scimd events list"),
      .init(does: "who left", line: "scimd events list --types user.deactivated,user.deleted"),
    ]
  ) { invocation, console throws(CommandError) in
    var request = selected(invocation, [])
    if case nil = invocation["after"] { request.set("newest", true) }
    request.set("limit", invocation["limit"])
    let (json, page) = try AdminClient(invocation, console).page(request) { reader throws(AdminProblem) in
      JSONValue.object(reader.object)
    }
    console.show(json, invocation) {
      page.items.isEmpty
        ? "No such events are kept.\n"
        : EventText.table(page.items).text(width: invocation.has("wide") ? nil : console.columns())
    }
    if let next = page.next, !page.items.isEmpty, !invocation.has("json") {
      console.printError("For later events add --after \(next)")
    }
    return .success
  }

  private static let follow = Command(
    path: ["events", "follow"], summary: "Print new events as they happen, until Ctrl-C",
    options: selection + AdminClient.options + [Command.jsonOption],
    examples: [
      .init(does: "everything from now on", line: "scimd events follow"),
      .init(does: "everything after an event", line: "scimd events follow --after evt_4gT0aZk9_42_0"),
    ]
  ) { invocation, console throws(CommandError) in
    let client = try AdminClient(invocation, console)
    try client.requireServer(for: "events to follow")
    var events = EventLines()
    try client.stream(selected(invocation, ["watch"])) { bytes in
      for data in events.take(bytes) {
        guard let json = try? JSONParser.parse(data) else { continue }
        console.print(invocation.has("json") ? json.serializedText : EventText.line(json))
      }
      return true
    }
    return .success
  }

  private static let show = Command(
    path: ["events", "show"], summary: "Show an event as JSON",
    arguments: [.init(name: "ID", help: "The event's id, such as evt_4gT0aZk9_42_0.")],
    options: [ResourceCommands.directoryOption] + AdminClient.options,
    examples: [.init(does: "one event", line: "scimd events show evt_4gT0aZk9_42_0")]
  ) { invocation, console throws(CommandError) in
    let json = try AdminClient(invocation, console).send(
      .directory(ResourceCommands.directory(invocation), "GET", ["events", invocation.arguments[0]]))
    console.print(json.serializedText)
    return .success
  }

  private static func selected(_ invocation: Invocation, _ rest: [String]) -> AdminRequest {
    var request = AdminRequest.directory(
      ResourceCommands.directory(invocation), "GET", ["events"] + rest)
    request.set("after", invocation["after"])
    request.set("types", invocation["types"])
    request.set("thin", invocation.has("thin"))
    return request
  }
}
