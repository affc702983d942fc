import SCIM
import TLS
import XCTest

@testable import Credentials

/// The form of signed tokens and their times (RFC 7519).
final class SignedTokenTests: XCTestCase {
  private let header = #"{"alg":"RS256","kid":"a"}"#
  private let claims = #"{"iss":"i","sub":"s","aud":"a","exp":1800000300,"jti":"j"}"#

  private func text(_ header: String, _ claims: String, signature: String = "AAAA") -> String {
    "\(Self.encoded(header)).\(Self.encoded(claims)).\(signature)"
  }

  static func encoded(_ text: String) -> String {
    Base64.encoded(Array(text.utf8)).replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
  }

  private func reason(_ text: String) -> (KeyRefusal.Reason, String)? {
    do {
      _ = try SignedToken(text)
      return nil
    } catch { return (error.reason, error.detail) }
  }

  func testATokenIsTakenApart() throws {
    let text = text(
      header, #"{"iss":"i","sub":"s","aud":["a","b"],"exp":1800000300.9,"nbf":1,"iat":2,"x":{}}"#)
    let token = try SignedToken(text)
    XCTAssertEqual(token.algorithm, .rs256)
    XCTAssertEqual([token.keyID, token.issuer, token.subject], ["a", "i", "s"])
    XCTAssertEqual(token.audiences, ["a", "b"])
    XCTAssertEqual([token.expires, token.notBefore, token.issuedAt], [1_800_000_300, 1, 2])
    XCTAssertNil(token.id)
    XCTAssertEqual(token.signature, [0, 0, 0])
    XCTAssertEqual(
      token.signed, Array(text.utf8.prefix { $0 != 46 }) + [46] + Array(text.utf8.split(separator: 46)[1]))
  }

  func testWhatIsNotASignedTokenIsRefusedAndSaysWhy() {
    let deep = String(repeating: "[", count: 20) + String(repeating: "]", count: 20)
    for (token, word) in [
      ("", "parts"), ("a", "parts"), ("a.b.c.d", "parts"), ("a=.b.c", "header"), ("....", "parts"),
      (String(repeating: "a", count: SignedToken.maxBytes + 1), "8192"),
      (text("[]", claims), "object"), (text("{", claims), "JSON"), (text(#"{"alg":1}"#, claims), "alg"),
      (text("{}", claims), "alg"), (text(#"{"alg":"RS256","alg":"ES256"}"#, claims), "JSON"),
      (text(#"{"alg":"RS256","crit":["b64"]}"#, claims), "crit"),
      (text(#"{"alg":"RS256","typ":"at+jwt"}"#, claims), "typ"), (text(header, "1"), "object"),
      (text(header, #"{"iss":"i","sub":"s","aud":"a","x":\#(deep)}"#), "JSON"),
      (text(header, claims, signature: "+/=="), "signature"),
      (text(header, claims, signature: ""), "signature"),
    ] {
      let found = reason(token)
      XCTAssertEqual(found?.0, .signedTokenMalformed, token)
      XCTAssertTrue(found?.1.contains(word) == true, "\(token.prefix(60)): \(found?.1 ?? "accepted")")
    }
  }

  func testEveryClaimThatIsNeededMustBeThereAndOfItsType() {
    let whole = [
      "iss": #""i""#, "sub": #""s""#, "aud": #""a""#, "exp": "1800000300", "nbf": "1", "iat": "1",
      "jti": #""j""#,
    ]
    XCTAssertNil(reason(text(header, object(whole))))
    for (name, value) in [
      ("iss", nil), ("sub", nil), ("aud", nil), ("exp", nil), ("iss", "1"), ("sub", "null"), ("iss", #""""#),
      ("aud", "[]"), ("aud", "[1]"), ("aud", "{}"), ("exp", #""1800000300""#), ("exp", "-1"),
      ("exp", "1e300"),
      ("exp", "253402300800"), ("exp", "9223372036854775807"), ("nbf", "true"), ("iat", "[]"), ("jti", "7"),
      ("aud", "[" + Array(repeating: #""a""#, count: 11).joined(separator: ",") + "]"),
    ] as [(String, String?)] {
      var changed = whole
      changed[name] = value
      let found = reason(text(header, object(changed)))
      XCTAssertEqual(found?.0, .signedTokenMalformed, "\(name) \(value ?? "missing")")
      XCTAssertTrue(found?.1.contains(name) == true, "\(name): \(found?.1 ?? "")")
    }
  }

  private func object(_ members: [String: String]) -> String {
    "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }

  func testOnlyFourAlgorithmsAreAccepted() {
    for name in ["RS256", "PS256", "ES256", "EdDSA"] {
      XCTAssertNil(reason(text(#"{"alg":"\#(name)"}"#, claims)), name)
    }
    for name in ["none", "None", "HS256", "RS512", "RS1", "ES384", "rs256", "ES256K", "dir"] {
      XCTAssertEqual(
        reason(text(#"{"alg":"\#(name)"}"#, claims, signature: ""))?.0, .signedTokenAlgorithm, name)
    }
  }

  func testTimesMayDifferByAMinuteAndATokenLivesADay() throws {
    let now: Int64 = 1_800_000_000
    func isValid(_ exp: Int64, nbf: Int64 = 1, iat: Int64 = 1) throws -> Bool {
      let token = try SignedToken(
        text(header, #"{"iss":"i","sub":"s","aud":"a","exp":\#(exp),"nbf":\#(nbf),"iat":\#(iat)}"#))
      do {
        try token.checkTimes(now)
        return true
      } catch {
        XCTAssertEqual(error.reason, .signedTokenTime)
        return false
      }
    }
    XCTAssertTrue(try isValid(now - 59))
    XCTAssertFalse(try isValid(now - 60))
    XCTAssertTrue(try isValid(now + 86_460))
    XCTAssertFalse(try isValid(now + 86_461))
    XCTAssertTrue(try isValid(now + 1, nbf: now + 60, iat: now + 60))
    XCTAssertFalse(try isValid(now + 1, nbf: now + 61))
    XCTAssertFalse(try isValid(now + 1, iat: now + 61))
    XCTAssertFalse(try isValid(0))
    XCTAssertFalse(try isValid(253_402_300_799))
  }

  func testATokenIsTheSameWithAnotherSignatureAndAnotherWithAnotherId() throws {
    let plain = #"{"iss":"i","sub":"s","aud":"a","exp":1800000300}"#
    let first = UsedToken(try SignedToken(text(header, plain)))
    XCTAssertEqual(first.digest, UsedToken(try SignedToken(text(header, plain, signature: "BBBB"))).digest)
    let named = UsedToken(try SignedToken(text(header, claims)))
    XCTAssertNotEqual(first.digest, named.digest)
    let later = claims.replacing("1800000300", with: "1800000400")
    XCTAssertEqual(named.digest, UsedToken(try SignedToken(text(header, later))).digest)
    XCTAssertEqual(named.ends.seconds, 1_800_000_360)
  }
}
