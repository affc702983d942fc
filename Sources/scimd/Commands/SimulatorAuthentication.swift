import Client
import JSON
import SCIM

/// How scripts authenticate, in the ways of identity providers.
enum SimulatorAuthentication: String, CaseIterable {
  /// The key as a bearer token, or without `Bearer` if the script of Okta sends it so.
  case bearer
  /// The key's id and the key as user and password.
  case basic
  /// A token for the key, requested in the way of the script's provider.
  case oauth

  /// Authenticates every request of the client from now on.
  func prepare(_ client: HTTPClient, id: String, profile: String) throws(CommandError) {
    let secret = client.token ?? ""
    switch self {
    case .bearer: break
    case .basic: client.authorization = Self.basic(id, secret)
    case .oauth:
      // The last token is used; the other forms of the request must be answered too.
      for request in Self.tokenRequests(id, secret, profile) {
        client.authorization = "Bearer \(try Self.token(request, client.base))"
      }
    }
  }

  private struct TokenRequest {
    var authorization: String?
    let form: String
  }

  /// The requests that a provider's client sends. The RFC recommends Basic; Entra puts the credentials into the form or
  /// into Basic, with more parameters.
  private static func tokenRequests(_ id: String, _ secret: String, _ profile: String) -> [TokenRequest] {
    let grant = "grant_type=client_credentials"
    let standard = TokenRequest(authorization: basic(id, secret), form: grant)
    let form = "\(grant)&client_id=\(id)&client_secret=\(secret)"
    switch profile {
    case "entra":
      let more = "&resource=https%3A%2F%2Fscim.example.com&scope=https%3A%2F%2Fscim.example.com%2F.default"
      return [
        TokenRequest(form: form + more), TokenRequest(authorization: basic(id, secret), form: grant + more),
      ]
    case "okta": return [TokenRequest(form: form), standard]
    case "ping", "sailpoint":
      return [TokenRequest(authorization: basic(id, secret), form: grant + "&scope=scim.*")]
    default: return [standard]
    }
  }

  /// Sends one request for a token; throws unless the answer has a bearer token.
  private static func token(_ request: TokenRequest, _ base: ClientBase) throws(CommandError) -> String {
    let path = "/oauth2/token"
    let response: ClientResponse
    do throws(ClientError) {
      let client = HTTPClient(base: base.root, token: nil)
      response = try client.send(
        method: "POST", path: path,
        fields: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
          + (request.authorization.map { [("Authorization", $0)] } ?? []),
        body: Array(request.form.utf8))
    } catch {
      throw CommandError(.unavailable, "\(error)")
    }
    let json = try? response.json()
    guard response.status == 200, let token = json?["access_token"]?.stringValue,
      json?["token_type"]?.stringValue?.lowercased() == "bearer"
    else {
      let reason = json?["error_description"]?.stringValue ?? "no access_token of type Bearer"
      throw CommandError(.noPermission, "\(path) returned no token: \(response.status), \(reason)")
    }
    return token
  }

  private static func basic(_ user: String, _ password: String) -> String {
    "Basic \(Base64.encoded(Array("\(user):\(password)".utf8)))"
  }
}
