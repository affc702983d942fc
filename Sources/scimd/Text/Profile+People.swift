import SCIM

extension Profile {
  /// The provider that a person named; the error names the nearest one.
  static func forPeople(_ name: String) throws(CommandError) -> Profile {
    guard let provider = named(name) else {
      let names = all.map(\.name)
      throw CommandError(
        .usage, "no provider \"\(name)\" is known",
        advice: NearestName.of(name, among: names).map { "did you mean \($0)?" }
          ?? "The providers are \(names.joined(separator: ", ")).")
    }
    return provider
  }
}
