import Admin
import JSON

extension Command {
  static let signedTokenOptions = [
    Option(
      name: "issuer", value: "ISSUER", help: "Accept signed tokens of this issuer instead of the secret."),
    Option(name: "subject", value: "SUBJECT", help: "The subject of these tokens, which is the client."),
    Option(
      name: "audience", value: "AUDIENCE",
      help: "The audience of these tokens, or two separated by a comma."),
    Option(
      name: "jwks", value: "URL|FILE",
      help: "The issuer's public keys: an https URL of a JSON Web Key Set, or a file with one."),
  ]

  /// A file with more is not a set of keys.
  private static let maxSetBytes = 256 << 10

  /// What the options say about signed tokens; nil if they are absent.
  static func signedTokens(_ invocation: Invocation) throws(CommandError) -> SignedTokens? {
    var tokens = SignedTokens()
    tokens.issuer = invocation["issuer"]
    tokens.subject = invocation["subject"]
    tokens.audiences = networks(invocation, "audience")
    if let source = invocation["jwks"] {
      if source.contains("://") {
        tokens.jwksURL = source
      } else {
        let bytes = try InputFile.read(source, maxBytes: maxSetBytes, label: "--jwks")
        do throws(JSONError) { tokens.jwks = try JSONParser.parse(bytes) } catch {
          throw CommandError(.usage, "--jwks: \(source) is not JSON: \(error)")
        }
      }
    }
    return tokens.isEmpty ? nil : tokens
  }
}
