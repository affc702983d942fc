import Credentials
package import JSON
import SCIM

/// The member `signedTokens` of a key: whose signed tokens it accepts. In a change, members that are absent stay.
package struct SignedTokens: Sendable {
  package var issuer: String?
  package var subject: String?
  package var audiences: [String]?
  /// The https URL of a JSON Web Key Set.
  package var jwksURL: String?
  /// The set itself.
  package var jwks: JSONValue?
  /// What the server knows of the set; only in answers.
  package private(set) var state: KeySetReport?

  package init() {}

  /// Whether it says nothing.
  package var isEmpty: Bool { json.objectValue?.isEmpty ?? true }

  init(_ trust: SignedTokenTrust, _ keySets: KeySets?) {
    issuer = trust.issuer
    subject = trust.subject
    audiences = trust.audiences
    switch trust.keys {
    case .url(let url): jwksURL = url
    case .set(let text): jwks = try? JSONParser.parse(Array(text.utf8))
    }
    state = keySets.map { KeySetReport($0.state(of: trust.keys)) }
  }

  package var json: JSONValue {
    var object = JSONObject()
    object["issuer"] = issuer.map { .string($0) }
    object["subject"] = subject.map { .string($0) }
    object["audiences"] = audiences.map { .array($0.map { .string($0) }) }
    object["jwksURL"] = jwksURL.map { .string($0) }
    object["jwks"] = jwks
    object["state"] = state?.json
    return .object(object)
  }

  /// - Parameter isAnswer: whether it may have what only the server knows.
  package init(_ reader: ObjectReader, isAnswer: Bool = false) throws(AdminProblem) {
    let names = ["issuer", "subject", "audiences", "jwksURL", "jwks"]
    try reader.allow(isAnswer ? names + ["state"] : names, of: "signedTokens")
    issuer = try reader.optionalText("issuer")
    subject = try reader.optionalText("subject")
    if reader.has("audiences") { audiences = try reader.texts("audiences") }
    jwksURL = try reader.optionalText("jwksURL")
    jwks = reader.optionalJSON("jwks")
    state = try reader.optionalObject("state").map { (reader) throws(AdminProblem) in try KeySetReport(reader)
    }
  }

  /// The registration; what is absent is that of `old`.
  func trust(replacing old: SignedTokenTrust?, _ world: AdminWorld) throws(MemberError) -> SignedTokenTrust {
    if case .some = jwksURL, jwks != nil {
      throw MemberError("signedTokens", "has either jwksURL or jwks, not both")
    }
    var keys = old?.keys
    if let jwksURL { keys = .url(jwksURL) }
    if let jwks { keys = .set(jwks.serializedText) }
    guard let issuer = issuer ?? old?.issuer, let subject = subject ?? old?.subject,
      let audiences = audiences ?? old?.audiences, let keys
    else { throw MemberError("signedTokens", "needs issuer, subject, audiences, and jwksURL or jwks") }
    do throws(MemberError) {
      return try SignedTokenTrust(
        issuer: issuer, subject: subject, audiences: audiences, keys: keys, world.environment)
    } catch {
      throw error.member.hasSameBytes(as: "signedTokens")
        ? error : MemberError("signedTokens/\(error.member)", error.reason)
    }
  }

  static let bodySchema = AdminSchema.object(members)

  static let schema = AdminSchema.object(members + [.init("state", KeySetReport.schema, optional: true)])

  private static let members: [AdminSchema.Member] = [
    .init("issuer", .text, optional: true), .init("subject", .text, optional: true),
    .init("audiences", .list(.text), optional: true), .init("jwksURL", .text, optional: true),
    .init("jwks", .open([]), optional: true),
  ]
}
