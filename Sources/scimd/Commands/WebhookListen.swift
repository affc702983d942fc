import Admin
import Client
import Feed
import JSON
import Platform

/// `scimd webhook listen`: for developers whose receiver has no public URL.
enum WebhookListen {
  static let command = Command(
    path: ["webhook", "listen"],
    summary: "Follow the events here and forward them as signed calls to a local receiver",
    details: [
      "For development: the command makes a secret, prints it, follows the feed of the server and calls the receiver with "
        + "each new event once, until Ctrl-C. Nothing is tried again."
    ],
    options: [
      .init(name: "forward-to", value: "URL", help: "The receiver, such as http://127.0.0.1:3000/hook."),
      .init(name: "types", value: "TYPES", help: "Only these event types, with commas between them."),
      .init(name: "after", value: "ID", help: "Begin after this event instead of now."),
      .init(name: "thin", help: "Without values."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options,
    examples: [
      .init(
        does: "a receiver on this machine",
        line: "scimd webhook listen --forward-to http://127.0.0.1:3000/hook")
    ]
  ) { invocation, console throws(CommandError) in
    guard let url = invocation["forward-to"] else { throw CommandError(.usage, "--forward-to is missing") }
    let client = try AdminClient(invocation, console)
    try client.requireServer(for: "events to forward")
    let forwarder: WebhookForwarder
    do throws(ClientError) { forwarder = try WebhookForwarder(url, console.environment) } catch {
      throw CommandError(.usage, "--forward-to: \(error)")
    }
    console.print("The secret of these calls is \(forwarder.secret.text)")
    var request = AdminRequest.directory(ResourceCommands.directory(invocation), "GET", ["events", "watch"])
    request.set("after", invocation["after"])
    request.set("types", invocation["types"])
    request.set("thin", invocation.has("thin"))
    var events = EventLines()
    try client.stream(request) { bytes in
      for data in events.take(bytes) {
        guard let json = try? JSONParser.parse(data), let id = json["id"]?.stringValue else { continue }
        let attempt = forwarder.forward(id, json["type"]?.stringValue ?? "", data)
        console.print("\(EventText.line(json))  \(WebhookText.outcome(attempt.json))")
      }
      return true
    }
    return .success
  }
}
