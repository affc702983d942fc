package import Client
import JSON
package import Platform
import SCIM
import TLS

/// Signs event tokens, and pushes them as RFC 8935 says. Blocks; to be used on threads of its own.
package struct StreamSender: Sendable {
  package let keys: SigningKeys
  /// The `iss` of every token.
  package let issuer: String
  private let post: EventPost
  private let environment: Environment

  package init(_ outbound: OutboundGuard, _ keys: SigningKeys, issuer: String, _ environment: Environment) {
    self.keys = keys
    self.issuer = issuer
    self.environment = environment
    post = EventPost(outbound, environment)
  }

  /// The signed token of an event; nil if the stream does not get it.
  func token(
    _ event: Event, _ stream: TokenStream, _ id: String, _ catalog: Catalog
  ) throws(TLSError) -> String? {
    guard let token = SecurityEventToken(event, stream, catalog) else { return nil }
    return try token.signed(try keys.key(of: id, stream.generation, stream.algorithm), issuer: issuer)
  }

  func push(_ event: Event, to stream: TokenStream, _ id: String, _ catalog: Catalog) -> WebhookAttempt {
    var attempt = WebhookAttempt(
      webhook: stream.name, event: event.id.description, type: event.type.rawValue, time: environment.now())
    let token: String?
    do throws(TLSError) { token = try self.token(event, stream, id, catalog) } catch {
      attempt.error = "the token cannot be signed: \(error)"
      return attempt
    }
    guard let token, let url = stream.url else { return attempt }
    let fields = [("Content-Type", "application/secevent+jwt"), ("Accept", "application/json")]
    return post.send(attempt, fields, Array(token.utf8), to: url, timeout: stream.timeout)
  }
}
