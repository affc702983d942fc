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
      page("/docs/guides", "topic", "guide", "page", "Show a page of the documentation as Markdown") {
        DocsPage.named($0)?.text
      },
      AdminRoute(
        .get, "/docs/providers", "docs", "providers", nil,
        "List the identity providers, with what to enter where", answers: .json(.page(.named("Provider")))
      ) { _ in AdminAnswer(items: Profile.all.map(json), next: nil) },
      page(
        "/docs/providers", "name", "provider", "provider",
        "Show all that is known about an identity provider as Markdown"
      ) { Profile.named($0)?.page },
    ]
  }

  /// The route of one Markdown page of a list.
  ///
  /// - Parameters:
  ///   - parameter: the name of the last segment of the path.
  ///   - what: what the list is of, in an error.
  private static func page(
    _ list: String, _ parameter: String, _ verb: String, _ what: String, _ summary: String,
    _ text: @escaping @Sendable (String) -> String?
  ) -> AdminRoute {
    AdminRoute(
      .get, "\(list)/{\(parameter)}", "docs", verb, nil, summary,
      answers: .lines("text/markdown; charset=utf-8")
    ) { call throws(AdminProblem) in
      guard let text = text(call[parameter]) else {
        throw AdminProblem(
          .unknownResource, "No \(what) \"\(call[parameter].prefix(64))\" exists.",
          fix: "\(list) lists the \(what)s.")
      }
      return AdminAnswer(.bytes(Array(text.utf8)), "text/markdown; charset=utf-8")
    }
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
