import HTTP
import JSON

/// The description of the API and the liveness check; open to everyone who can connect.
enum DocsNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, "/livez", "health", "live", nil, "Check that the process is running",
        answers: .json(.object([.init("status", .text)]))
      ) { _ in AdminAnswer(["status": "live"]) },
      AdminRoute(
        .get, "/docs/openapi.json", "docs", "openapi", nil, "Describe the admin API as OpenAPI 3.1",
        answers: .json(.open([.init("openapi", .text)]))
      ) { call in AdminAnswer(OpenAPI.document(version: call.world.version)) },
      AdminRoute(
        .get, "/docs/errors", "docs", "errors", nil, "List all error codes",
        answers: .json(.page(.named("ErrorCode")))
      ) { _ in AdminAnswer(items: CatalogueEntry.all.map(\.json), next: nil) },
      AdminRoute(
        .get, "/docs/errors/{code}", "docs", "error", nil, "Explain an error code",
        answers: .json(.named("ErrorCode"))
      ) { call throws(AdminProblem) in
        guard let entry = CatalogueEntry.named(call["code"]) else {
          throw AdminProblem(.unknownCode, "The code \"\(call["code"].prefix(64))\" does not exist.")
        }
        return AdminAnswer(entry.whole)
      },
    ]
  }
}
