import Admin
import Credentials
import Glibc
import JSON
import Platform
import SCIM

/// Watches the requests of one connection from the command line.
final class ConnectionWatch {
  private(set) var report: ConnectionReport
  private let client: AdminClient
  private let invocation: Invocation
  private let console: Console
  /// From when on requests are of interest, in milliseconds since 1970.
  private let start: Int64
  private var shownSteps: Set<SetupStep> = []
  private var shownFailures: Set<String> = []
  /// Failures that are printed; a provider repeats itself.
  private static let maxFailures = 20

  /// Creates the connection, or finds the one that the options name.
  init(
    _ provider: Profile, _ client: AdminClient, _ invocation: Invocation, _ console: Console
  ) throws(CommandError) {
    self.client = client
    self.invocation = invocation
    self.console = console
    start = console.environment.now()
    let directory = ResourceCommands.directory(invocation)
    if let name = invocation["connection"] {
      report = try client.send(.directory(directory, "GET", ["connections", name]), ConnectionReport.init)
        .report
      shownSteps = Set((report.steps ?? []).map(\.step))
    } else {
      let creation = ConnectionCreation(name: invocation["name"] ?? provider.title, provider: provider.name)
      let request = AdminRequest.directory(directory, "POST", ["connections"]).sending(creation.json)
      report = try client.send(request, ConnectionReport.init).report
    }
  }

  /// Until the first user arrives.
  func wait(minutes: Int, _ interruption: Interruption) throws(CommandError) -> ExitCode {
    let end = start + Int64(minutes) * 60_000
    console.progress("Waiting for the provider, \(minutes) minutes at most; Ctrl-C ends the wait.")
    var hasUser = false
    while !hasUser, !interruption.isRequested, console.environment.now() < end {
      try look()
      hasUser = (report.steps ?? []).contains { $0.step == .userCreated }
      if !hasUser { usleep(500_000) }
    }
    if invocation.has("json") {
      console.print(report.json)
    } else {
      console.print(ConnectText.end(report, hasUser: hasUser))
    }
    if interruption.isRequested { return .interrupted }
    return hasUser ? .success : .failure
  }

  /// Shows what is new.
  private func look() throws(CommandError) {
    let request = AdminRequest.directory(report.directory, "GET", ["connections", report.id])
    report = try client.send(request, ConnectionReport.init).report
    for step in report.steps ?? [] where shownSteps.insert(step.step).inserted {
      tell(ConnectText.line(step))
    }
    try lookForFailures()
  }

  private func lookForFailures() throws(CommandError) {
    guard shownFailures.count < Self.maxFailures else { return }
    var request = AdminRequest.root("GET", "requests")
    request.set("status", "4xx")
    request.set("since", DateTime(milliseconds: start).description)
    // Oldest first.
    for entry in (try client.send(request)["items"]?.arrayValue ?? []).reversed() {
      guard let id = entry["id"]?.stringValue, isOurs(entry), shownFailures.insert(id).inserted else {
        continue
      }
      let explained = try client.send(AdminRequest.root("GET", "requests", id))
      tell(ConnectText.failure(explained))
    }
  }

  /// Requests without a known key may be those of this provider with a mistyped one.
  private func isOurs(_ entry: JSONValue) -> Bool {
    guard let connection = entry["connection"]?.stringValue else { return entry["key"] == nil }
    return connection.hasSameBytes(as: report.id)
  }

  private func tell(_ text: String) {
    if !invocation.has("json") { console.print(text) }
  }
}
