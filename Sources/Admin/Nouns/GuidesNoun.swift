import HTTP
import JSON
import SCIM

/// The pages of the documentation and the identity providers; open to everyone who can connect.
enum GuidesNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, "/docs/guides", "docs", "guides", nil, "List the pages of the documentation",
        answers: .json(.page(.object([.init("topic", .text), .init("title", .text)])))
      ) { _ in
        AdminAnswer(
          items: DocsPage.all.map { ["topic": .string($0.topic), "title": .string($0.title)] }, next: nil)
      },
      AdminRoute(
        .get, "/docs/guides/{topic}", "docs", "guide", nil, "Show a page of the documentation as Markdown",
        answers: .lines("text/markdown; charset=utf-8")
      ) { call throws(AdminProblem) in
        guard let page = DocsPage.named(call["topic"]) else {
          throw AdminProblem(
            .unknownResource, "No page \"\(call["topic"].prefix(64))\" exists.",
            fix: "/docs/guides lists the pages.")
        }
        return AdminAnswer(.bytes(Array(page.text.utf8)), "text/markdown; charset=utf-8")
      },
      AdminRoute(
        .get, "/docs/providers", "docs", "providers", nil,
        "List the identity providers, with what to enter where", answers: .json(.page(.named("Provider")))
      ) { _ in AdminAnswer(items: Profile.all.map(json), next: nil) },
    ]
  }

  private static func json(_ profile: Profile) -> JSONValue {
    [
      "name": .string(profile.name), "title": .string(profile.title),
      "setUp": [
        "base": .string(profile.setUp.base), "key": .string(profile.setUp.key),
        "identifier": .string(profile.setUp.identifier), "features": .string(profile.setUp.features),
      ],
      "steps": .array(profile.steps.map { .string($0) }), "changes": .string(profile.changes),
      "note": .string(profile.note),
    ]
  }

  static let providerSchema = AdminSchema.object([
    .init("name", .text), .init("title", .text),
    .init(
      "setUp",
      .object([
        .init("base", .text), .init("key", .text), .init("identifier", .text), .init("features", .text),
      ])), .init("steps", .list(.text)), .init("changes", .text), .init("note", .text),
  ])
}
