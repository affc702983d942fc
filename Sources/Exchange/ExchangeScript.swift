/// The requests of one identity provider in one scenario, and the expected answers; a file under CAssets/Simulator says
/// it as JSON.
///
/// In paths, fields, bodies and expected values `${name}` is replaced by a captured value; `${run}` is a text that
/// differs in every run, `${token}` the client's own key.
package struct ExchangeScript: Sendable {
  package let name: String

  /// The identity provider, "okta".
  package let idp: String

  /// The profile that the API key must carry.
  package let profile: String
  package let description: String

  /// Where the requests were seen.
  package let source: String
  package let steps: [ExchangeStep]
}
