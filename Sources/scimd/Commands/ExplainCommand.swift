import Admin
import JSON
import SCIM

extension Command {
  static let explain = Command(
    path: ["explain"],
    summary: "Explain a request or an error code: what happened, why, and what to do at the provider",
    details: [
      "An error that a client gets ends with the request's id and a code: \"... (request 4bf0b9fc-17) [notUnique]\". "
        + "For an id the server looks up what it kept of the request, and answers in the words of its provider. A code "
        + "is explained without a server; `scimd help errors` lists all codes."
    ],
    arguments: [
      Argument(name: "REQUEST-ID|CODE", help: "The id of a request, or the code of an error.")
    ],
    options: [
      Option(
        name: "provider", value: "NAME",
        help: "In this provider's words. Default: the provider of the request's connection."),
      Option(
        name: "directory", value: "NAME",
        help: "Look for the request in this directory only. Without it: in all, and without a known key."),
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a request that was refused", line: "scimd explain 4bf0b9fc-17"),
      Example(does: "a code, for Entra ID", line: "scimd explain notUnique --provider entra"),
    ]
  ) { invocation, console throws(CommandError) in
    let provider = try provider(invocation)
    let word = invocation.arguments[0]
    if let entry = CatalogueEntry.named(word) {
      console.show(provider.map { entry.json(at: $0) } ?? entry.whole, invocation) {
        ExplanationText.text(entry, at: provider)
      }
      return .success
    }
    // Ids of requests have a hyphen, codes do not.
    guard word.utf8.contains(UInt8(ascii: "-")) else {
      let nearest = NearestName.of(word, among: CatalogueEntry.all.map(\.code))
      throw CommandError(
        .usage, "\"\(word)\" is neither a code nor the id of a request",
        advice: nearest.map { "did you mean \($0)?" } ?? "`scimd help errors` lists the codes.")
    }
    var request = RequestCommands.request(invocation, [word, "explain"])
    request.set("provider", provider?.name)
    return try AdminClient(invocation, console).answer(request, ExplanationText.text)
  }

  /// The provider that --provider names; nil if the option is absent.
  private static func provider(_ invocation: Invocation) throws(CommandError) -> Profile? {
    guard let name = invocation["provider"] else { return nil }
    return try Profile.forPeople(name)
  }
}
