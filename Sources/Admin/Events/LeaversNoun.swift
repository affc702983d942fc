import Feed
import HTTP
import JSON
import Platform
import Storage

/// How long it took until the applications knew that somebody is out.
enum LeaversNoun {
  static let schema = AdminSchema.object([
    .init("event", .text), .init("type", .text), .init("user", .text),
    .init("userName", .text, optional: true),
    .init("directory", .text), .init("received", .time), .init("durable", .time),
    .init("milliseconds", .integer),
    .init(
      "webhooks",
      .list(
        .object([
          .init("name", .text), .init("accepted", .time, optional: true),
          .init("milliseconds", .integer, optional: true),
        ]))),
  ])

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.directory + "/leavers", "leavers", "list", .read,
        "List deactivations and deletions since the server started, and when each webhook accepted them",
        answers: .json(.page(.named("Leaver")))
      ) { call throws(AdminProblem) in
        let now = call.world.environment.now()
        let all = call.world.webhooks.clock.all(of: call.directory.name, slowestFirst: call.query.has("slow"))
        return try AdminAnswer(page: call, of: all) { $0.json(at: now) }
      }.with {
        $0.parameters = AdminParameter.page + [AdminParameter("slow", .flag, "The slowest first.")]
      }
    ]
  }
}
