package import SCIM

/// What is known about a code: the table from which `scimd explain`, `/docs/errors` and the page `errors` are printed.
package struct ErrorExplanation: Sendable {
  package let code: SCIMError.Code
  /// Why such a request is refused, in one sentence.
  package let cause: String
  /// The section that the refusal follows.
  package let reference: String
  /// What to do, with slots such as `{mapping}` for what each provider calls it (`ProviderWords`).
  private let remedy: String

  init(_ code: SCIMError.Code, _ cause: String, _ reference: String, _ remedy: String) {
    self.code = code
    self.cause = cause
    self.reference = reference
    self.remedy = remedy
  }

  /// Of every code once, in the order of the codes.
  package static let all: [ErrorExplanation] = {
    let entries = caller + message + list + filters + operations + values + state
    return SCIMError.Code.allCases.compactMap { code in entries.first { $0.code == code } }
  }()

  private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

  package static func of(_ code: SCIMError.Code) -> ErrorExplanation? { byCode[code] }

  /// The entry with this name; nil if no such code exists.
  package static func named(_ name: String) -> ErrorExplanation? {
    SCIMError.Code(rawValue: name).flatMap { of($0) }
  }

  /// What to do in the words and menus of a provider.
  ///
  /// - Parameter attribute: the attribute that the refusal is about, if it names one.
  package func remedy(at provider: Profile = .generic, attribute: String? = nil) -> String {
    provider.words.filled(provider.remedies[code.rawValue] ?? remedy, attribute: attribute)
  }
}
