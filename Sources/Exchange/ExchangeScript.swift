/// The requests of one identity provider in one scenario, and the expected answers; a file under CAssets/Simulator says
/// it as JSON.
///
/// In paths, fields, bodies and expected values `${name}` is replaced by a captured value; `${run}` is a text that
/// differs in every run, `${token}` the client's own key.
///
/// A script of an application has keys of its own: `"keys": {"read": ["api.access.read"]}` names them and their scopes. A
/// request with `"key": "read"` is sent with that key, and its path begins at the server's root.
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

  /// The keys that its requests name, with their scopes; empty for a script that has one key of its profile.
  package let keys: [(name: String, scopes: [String])]
}
