import JSON
import SCIM

/// Why credentials were not accepted, in words that the client itself never gets.
enum KeyRefusalText {
  // Reasons as the ring has them. Of signed tokens it has the code; any other text is the name of a rule of HTTP.

  /// Of a request without a key that exists.
  private enum Unidentified: String {
    case noCredentials = "none"
    case malformed, unknown
  }

  /// Of a request with a key that exists.
  private enum Identified: String {
    case expired, revoked, rotated, user, kind, network, certificate, throttled
  }

  /// Characters of a key.
  private static let length = 54

  /// - Parameters:
  ///   - refused: the member of the entry.
  ///   - newest: the newest secret of the key, if the key is known.
  static func text(
    _ refused: JSONValue, newest: (hint: String, since: String)? = nil
  ) -> (reason: String, code: SCIMError.Code) {
    let hint = refused["hint"]?.stringValue.map { " \($0)" } ?? ""
    let text = refused["reason"]?.stringValue ?? ""
    if let reason = Identified(rawValue: text) { return identified(reason, hint, newest) }
    if text.hasPrefix("signedToken"), let code = SCIMError.Code(rawValue: text),
      let entry = ErrorExplanation.of(code)
    {
      return (refused["detail"]?.stringValue ?? entry.cause, code)
    }
    switch Unidentified(rawValue: text) {
    case .noCredentials?:
      return ("The request had no credentials, or of a kind that is not offered here.", .keyMissing)
    case .malformed?:
      return (malformed(Int(clamping: refused["length"]?.integerValue ?? 0)), .keyMalformed)
    case .unknown?:
      return (
        "Nobody here knows the key\(hint): it is another server's, or its data folder was replaced.",
        .keyUnknown
      )
    case nil: return ("The bytes broke the rule \(text) of HTTP.", .malformedRequest)
    }
  }

  /// Why a key that exists was refused.
  private static func identified(
    _ reason: Identified, _ hint: String, _ newest: (hint: String, since: String)?
  ) -> (String, SCIMError.Code) {
    switch reason {
    case .expired: return ("The key\(hint) has expired.", .keyExpired)
    case .revoked: return ("The key\(hint) was revoked.", .keyRevoked)
    case .rotated:
      let newer = newest.map { " It was rotated on \($0.since), and the newer one is \($0.hint)." } ?? ""
      return (
        "The key\(hint) was replaced by a newer secret, and its time is over.\(newer)", .keyRotated
      )
    case .user:
      return (
        "The user name of Basic, or the client id, is not the id of the key\(hint).", .keyWrongUser
      )
    case .kind:
      return (
        "The key\(hint) was sent in a way that its directory's policy authKinds or its profile does not allow.",
        .keyWrongKind
      )
    case .network:
      return (
        "The key\(hint) was sent from an address outside the networks of the key or of its directory.",
        .keyWrongNetwork
      )
    case .certificate:
      return (
        "The key\(hint) was sent without the client certificate that it requires.", .keyWrongCertificate
      )
    case .throttled: return ("More requests came with the key\(hint) than it may send.", .tooManyRequests)
    }
  }

  private static func malformed(_ count: Int) -> String {
    guard count > 0 else { return "What was sent is not a key: keys begin with scim_." }
    switch count - length {
    case 0: return "The key has a typing error: a character is wrong, or two changed places."
    case -1: return "The key has \(count) characters instead of \(length): one was lost in copying."
    case ..<0:
      return "The key has \(count) characters instead of \(length): \(length - count) were lost in copying."
    default:
      return "The key has \(count) characters instead of \(length): something else was copied with it."
    }
  }
}
