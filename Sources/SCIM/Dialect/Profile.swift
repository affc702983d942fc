/// What is known of the identity provider behind a key: the rules that are on for it.
package struct Profile: Sendable {
  package let name: String
  package let rules: Set<DialectRule>

  private init(_ name: String, _ more: Set<DialectRule> = []) {
    self.name = name
    rules = DialectRule.harmless.union(more)
  }

  /// The RFC wherever it says SHALL; the default.
  package static let generic = Profile("generic")

  package static let all: [Profile] = [
    generic,
    Profile("okta", [.skipUnknownMembers]),
    Profile("entra", [.createSelected, .unquotedText]),
    Profile("jumpcloud"),
    Profile("google"),
    Profile("onelogin", [.foreignBaseSchema]),
    Profile("ping"),
    Profile("cyberark"),
    Profile("sailpoint"),
  ]

  package static func named(_ name: String) -> Profile? { all.first { $0.name == name } }
}
