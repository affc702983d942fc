/// All that is known about a provider, as a page of the documentation.
extension Profile {
  /// Markdown; `{base}` and `{key}` of the steps become words.
  package var page: String {
    """
    # \(heading)

    \(note)

    ## Set it up

    \(list(steps.map { placed($0) }))

    | What | Where |
    | --- | --- |
    | Base URL | \(words.base) |
    | Key | \(words.key) |
    | Unique identifier | \(setUp.identifier) |
    | How people are found | \(words.matching) |
    | Attribute mapping | \(words.mapping) |
    | Who is sent | \(words.assignment) |
    | What it may do | \(words.actions) |
    | What was sent | \(words.log) |
    | Sending again | \(words.restart) |

    ## How it behaves

    | What | How |
    | --- | --- |
    | Features | \(setUp.features) |
    | Sends | \(behaviour.sync) |
    | When somebody is unassigned | \(behaviour.unassign) |
    | Limits | \(behaviour.limits) |
    | Profile | `\(name)`; also accepted: \(changes) |

    ## Check list

    What a finished set-up has shown; `scimd connection show` lists what was seen:

    \(list(checkList.map(\.title)))

    ## Attribute mapping

    \(mappingText)

    """
  }

  private var heading: String { self === Profile.generic ? "Any other provider, your own client" : title }

  private var mappingText: String {
    guard !mapping.isEmpty else {
      return "It has no fixed mapping. `scimd help providers` lists the attributes that are kept."
    }
    return "These are the usual defaults; check the provider's own page.\n\n"
      + ProfileTables.mapping([name])
  }

  private func list(_ lines: [String]) -> String {
    lines.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
  }

  private func placed(_ step: String) -> String {
    step.split(separator: "{base}", omittingEmptySubsequences: false).joined(separator: "the base URL")
      .split(separator: "{key}", omittingEmptySubsequences: false).joined(separator: "the key")
  }
}
