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
      AdminRoute(
        .get, "/docs/providers/{name}", "docs", "provider", nil,
        "Show all that is known about an identity provider as Markdown",
        answers: .lines("text/markdown; charset=utf-8")
      ) { call throws(AdminProblem) in
        guard let profile = Profile.named(call["name"]) else {
          throw AdminProblem(
            .unknownResource, "No provider \"\(call["name"].prefix(64))\" exists.",
            fix: "/docs/providers lists the providers.")
        }
        return AdminAnswer(.bytes(Array(profile.page.utf8)), "text/markdown; charset=utf-8")
      },
    ]
  }

  private static func json(_ profile: Profile) -> JSONValue {
    let (setUp, words, behaviour) = (profile.setUp, profile.words, profile.behaviour)
    return [
      "name": .string(profile.name), "title": .string(profile.title),
      "setUp": [
        "base": .string(setUp.base), "key": .string(setUp.key), "identifier": .string(setUp.identifier),
        "features": .string(setUp.features),
      ],
      "words": [
        "base": .string(words.base), "key": .string(words.key), "matching": .string(words.matching),
        "mapping": .string(words.mapping), "assignment": .string(words.assignment),
        "actions": .string(words.actions), "log": .string(words.log), "restart": .string(words.restart),
      ],
      "behaviour": [
        "sync": .string(behaviour.sync), "unassign": .string(behaviour.unassign),
        "limits": .string(behaviour.limits),
      ],
      "steps": .array(profile.steps.map { .string($0) }),
      "mapping": .array(
        profile.mapping.map { ["attribute": .string($0.attribute), "source": .string($0.source)] }),
      "checkList": .array(profile.checkList.map { .string($0.rawValue) }),
      "changes": .string(profile.changes), "note": .string(profile.note),
    ]
  }

  static let providerSchema = AdminSchema.object([
    .init("name", .text), .init("title", .text),
    .init("setUp", texts(["base", "key", "identifier", "features"])),
    .init(
      "words", texts(["base", "key", "matching", "mapping", "assignment", "actions", "log", "restart"])),
    .init("behaviour", texts(["sync", "unassign", "limits"])), .init("steps", .list(.text)),
    .init("mapping", .list(texts(["attribute", "source"]))),
    .init("checkList", .list(.choice(SetupStep.allCases.map(\.rawValue)))), .init("changes", .text),
    .init("note", .text),
  ])

  private static func texts(_ names: [String]) -> AdminSchema { .object(names.map { .init($0, .text) }) }
}
