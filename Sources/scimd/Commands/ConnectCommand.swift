import Admin
import JSON
import SCIM

extension Command {
  private static let providers = Profile.all.map(\.name).joined(separator: ", ")

  static let connect = Command(
    path: ["connect"], summary: "Set up an identity provider step by step, and watch it arrive",
    details: [
      "Creates a connection with its key, or takes an existing one, prints what to enter where at the provider, and then "
        + "shows each step as the provider's requests arrive: the key, discovery, the first user. A request that fails "
        + "is explained. Ends with the first user; Ctrl-C ends it earlier, and changes nothing.",
      "Exit code 1 if no user arrived in time.",
    ],
    arguments: [Argument(name: "PROVIDER", help: "One of \(providers).")],
    options: [
      Option(name: "name", value: "NAME", help: "The name of the new connection. Default: the provider's."),
      Option(
        name: "connection", value: "CONNECTION",
        help: "An existing connection, by id or name, instead of a new one."),
      Option(name: "no-wait", help: "Print what to enter, and end."),
      Option(name: "minutes", value: "N", help: "How long to wait for the first user. Default: 60."),
      ResourceCommands.directoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "Entra ID", line: "scimd connect entra"),
      Example(does: "watch a connection that exists", line: "scimd connect okta --connection Okta"),
    ]
  ) { invocation, console throws(CommandError) in
    let name = invocation.arguments[0]
    let provider = try Profile.forPeople(name)
    guard let minutes = Int(invocation["minutes"] ?? "60"), (1...1440).contains(minutes) else {
      throw CommandError(.usage, "--minutes must be a number from 1 to 1440")
    }
    let interruption = Interruption()
    let client = try AdminClient(invocation, console)
    let watch = try ConnectionWatch(provider, client, invocation, console)
    if !invocation.has("json") { console.write(.output, ConnectText.guide(watch.report, provider)) }
    if invocation.has("no-wait") {
      if invocation.has("json") { console.print(watch.report.json) }
      return .success
    }
    guard client.isServed else {
      throw CommandError(
        .unavailable, "no server runs on this data folder, so no request can arrive",
        advice:
          "Start it (`scimd serve`), then `scimd connect \(name) --connection \"\(watch.report.name)\"`.")
    }
    return try watch.wait(minutes: minutes, interruption)
  }
}
