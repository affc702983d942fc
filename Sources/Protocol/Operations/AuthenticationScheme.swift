import Credentials
import JSON
import Storage

/// Describes a way to authenticate in ServiceProviderConfig (RFC 7643 §5).
enum AuthenticationScheme {
  /// - Parameter base: the base URL of SCIM; the token endpoint is next to it.
  static func json(_ kind: Authorization.Kind, isPrimary: Bool, base: String) -> JSONValue {
    let (type, name, description, specification): (String, String, String, String) =
      switch kind {
      case .bearer:
        (
          "oauthbearertoken", "API key",
          "An API key from `scimd key create`, sent as Authorization: Bearer <key>.", "rfc6750"
        )
      case .basic:
        ("httpbasic", "HTTP Basic", "The id of an API key as user name, and the key as password.", "rfc7617")
      case .oauth:
        (
          "oauth2", "OAuth 2.0 client credentials",
          "Bearer tokens from \(tokenEndpoint(base)); the client id is the id of an API key, the secret the key.",
          "rfc6749"
        )
      }
    return [
      "type": .string(type), "name": .string(name), "description": .string(description),
      "specUri": .string("https://www.rfc-editor.org/rfc/\(specification)"), "primary": .bool(isPrimary),
    ]
  }

  /// The token endpoint has the host of the base URL, without SCIM's path.
  private static func tokenEndpoint(_ base: String) -> String {
    let path = "/scim/v2"
    return (base.hasSuffix(path) ? String(base.dropLast(path.utf8.count)) : base) + TokenService.path
  }
}
