import HTTP
import JSON

/// A request to the token endpoint (RFC 6749 §4.4.2, RFC 7523 §2): a form with each parameter at most once.
struct TokenRequest: Sendable {
  /// The id of the client and its secret, from the field or from the form (RFC 6749 §2.3.1).
  struct Client: Sendable {
    let id: [UInt8]
    let secret: [UInt8]
  }

  /// A signed token (RFC 7523).
  struct Assertion: Sendable {
    enum Role: Sendable {
      /// It authenticates the client (§2.2).
      case client
      /// It is the grant itself (§2.1).
      case grant
    }

    let role: Role
    let text: String
    /// `client_id`; nil if the request has none.
    let clientID: String?
  }

  /// What the client proves itself with.
  enum Credentials: Sendable {
    case secret(Client)
    case signed(Assertion)
  }

  /// Bytes of a form.
  static let maxBodyBytes = 16 << 10

  let grantType: String
  /// Nil if the request has none.
  let credentials: Credentials?
  /// Nil to ask for everything that the key may do.
  let scope: String?

  /// Throws `invalid_request` for a form that is malformed, too large or without a grant type.
  init(_ head: HTTPRequestHead, _ body: [UInt8]) throws(TokenError) {
    try Self.check(head)
    guard body.count <= Self.maxBodyBytes else { throw Self.tooLarge }
    var values: [String: String] = [:]
    let form: Query
    do throws(PercentDecodingError) { form = try Query(body[...]) } catch {
      throw TokenError(.invalidRequest, "The form is not percent-encoded UTF-8.")
    }
    for parameter in form.parameters {
      guard values[parameter.name] == nil else {
        throw TokenError(.invalidRequest, "A parameter is given twice.")
      }
      values[parameter.name] = parameter.value ?? ""
    }
    // A parameter without a value is as if it were absent (RFC 6749 §3.2).
    func value(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }
    guard let grantType = value("grant_type") else {
      throw TokenError(.invalidRequest, "grant_type is missing; send grant_type=client_credentials.")
    }
    self.grantType = grantType
    scope = value("scope")
    let client = try Self.client(head, id: value("client_id"), secret: value("client_secret"))
    let assertion = try Self.assertion(grantType, value)
    if assertion != nil, head[.authorization] != nil || !(value("client_secret") ?? "").isEmpty {
      throw TokenError(.invalidRequest, "Send either a secret or a signed token, not both.")
    }
    credentials = assertion.map { .signed($0) } ?? client.map { .secret($0) }
  }

  /// The grant type of RFC 7523 §2.1.
  static let signedGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
  private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  /// The signed token of the request; nil if it has none.
  private static func assertion(
    _ grantType: String, _ value: (String) -> String?
  ) throws(TokenError) -> Assertion? {
    let isGrant = grantType.hasSameBytes(as: signedGrant)
    let (authenticating, type) = (value("client_assertion"), value("client_assertion_type"))
    if !isGrant, case (nil, nil) = (authenticating, type) { return nil }
    if isGrant, case .some = authenticating {
      throw TokenError(.invalidRequest, "Send one signed token: assertion, or client_assertion.")
    }
    guard let text = isGrant ? value("assertion") : authenticating else {
      let name = isGrant ? "assertion" : "client_assertion"
      throw TokenError(.invalidRequest, "The parameter \(name) is missing.")
    }
    guard isGrant || type?.hasSameBytes(as: assertionType) == true else {
      throw TokenError(.invalidRequest, "client_assertion_type must be \(assertionType).")
    }
    return Assertion(role: isGrant ? .grant : .client, text: text, clientID: value("client_id"))
  }

  /// Throws for a head that already shows that the request will be refused: a wrong type or length.
  static func check(_ head: HTTPRequestHead) throws(TokenError) {
    let type = (head[.contentType] ?? []).prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    guard String(decoding: type, as: UTF8.self).lowercased() == "application/x-www-form-urlencoded" else {
      throw TokenError(.invalidRequest, "Send a form: Content-Type application/x-www-form-urlencoded.")
    }
    if let length = head[.contentLength].flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
      length > maxBodyBytes
    {
      throw tooLarge
    }
  }

  private static let tooLarge = TokenError(.invalidRequest, "The form is larger than \(maxBodyBytes) bytes.")

  /// Nil if neither the field nor the form has credentials; throws if both do.
  private static func client(
    _ head: HTTPRequestHead, id: String?, secret: String?
  ) throws(TokenError) -> Client? {
    guard let field = head[.authorization] else {
      guard let id, let secret else { return nil }
      return Client(id: Array(id.utf8), secret: Array(secret.utf8))
    }
    guard case .basic(let user, let password) = PresentedCredential(field) else {
      throw .invalidClient
    }
    guard secret == nil else {
      throw TokenError(.invalidRequest, "The client sends its secret both in the field and in the form.")
    }
    let client = Client(id: try decoded(user), secret: try decoded(password))
    guard id.map({ $0.utf8.elementsEqual(client.id) }) ?? true else {
      throw TokenError(.invalidRequest, "client_id is not the user of the Authorization field.")
    }
    return client
  }

  /// Both halves are form-encoded inside Basic.
  private static func decoded(_ bytes: ArraySlice<UInt8>) throws(TokenError) -> [UInt8] {
    do throws(PercentDecodingError) {
      return Array(try PercentDecoding.text(of: bytes, plusIsSpace: true).utf8)
    } catch {
      throw .invalidClient
    }
  }
}
