import Admin
import JSON

// Most commands are one request and the printing of its answer.
extension AdminClient {
  /// Sends a request and prints the answer: as received with --json, otherwise as the text of the report.
  func answer<Report>(
    _ request: AdminRequest, _ read: (ObjectReader) throws(AdminProblem) -> Report, _ text: (Report) -> String
  ) throws(CommandError) -> ExitCode {
    let (json, report) = try send(request, read)
    console.show(json, invocation) { text(report) }
    return .success
  }

  /// The same for an answer that is printed without reading it as a report.
  func answer(_ request: AdminRequest, _ text: (JSONValue) -> String) throws(CommandError) -> ExitCode {
    let json = try send(request)
    console.show(json, invocation) { text(json) }
    return .success
  }

  /// Requests the page of a list that --limit and --cursor select, and prints it. A text is followed by the cursor of
  /// the next page, on standard error.
  func list<Item: Sendable>(
    _ request: AdminRequest, _ read: (ObjectReader) throws(AdminProblem) -> Item,
    _ text: (_ json: JSONValue, [Item]) -> String
  ) throws(CommandError) -> ExitCode {
    var request = request
    request.set("limit", invocation["limit"])
    request.set("cursor", invocation["cursor"])
    let (json, page) = try page(request, read)
    console.show(json, invocation) { text(json, page.items) }
    if let next = page.next, !page.items.isEmpty, !invocation.has("json") {
      console.printError("For the next page add --cursor \(next)")
    }
    return .success
  }

  /// The same as a table, as wide as the terminal or, with --wide, as its values; `none` if the page is empty.
  func list<Item: Sendable>(
    _ request: AdminRequest, _ read: (ObjectReader) throws(AdminProblem) -> Item, none: String,
    _ table: ([Item]) -> TextTable
  ) throws(CommandError) -> ExitCode {
    try list(request, read) { _, items in
      items.isEmpty ? none + "\n" : table(items).text(width: invocation.has("wide") ? nil : console.columns())
    }
  }

  /// The same for items that are printed without reading them as reports.
  func list(
    _ request: AdminRequest, none: String, _ table: ([JSONValue]) -> TextTable
  ) throws(CommandError) -> ExitCode {
    try list(request, { .object($0.object) }, none: none, table)
  }
}
