import JSON
import SCIM
import Credentials
import XCTest

final class KeyAdministrationTests: XCTestCase {
  func testWhatANewKeyMustNotBeIsRefusedNamingTheMember() throws {
    let (_, keys, administration) = try KeyFixture(self).open()
    let past = DateTime(milliseconds: 1_799_999_999_999)
    let cases: [(String, NewKey)] = [
      ("name", NewKey(name: "")), ("name", NewKey(name: "a\nb")),
      ("name", NewKey(name: String(repeating: "a", count: 201))),
      ("description", NewKey(name: "a", description: "\u{1b}[31m")),
      ("profile", NewKey(name: "a", profile: "okat")),
      ("expires", NewKey(name: "a", expires: .at(past))),
    ]
    for (member, new) in cases {
      XCTAssertThrowsError(try administration.create(new)) { error in
        guard case .refused(let problem) = error as? KeyAdministrationError else {
          return XCTFail("\(error)")
        }
        XCTAssertEqual(problem.member, member)
      }
    }
    XCTAssertTrue(keys.isEmpty)
  }

  func testAnUnknownProfileNamesTheKnownOnes() throws {
    let (_, _, administration) = try KeyFixture(self).open()
    XCTAssertThrowsError(try administration.create(NewKey(name: "a", profile: "x"))) { error in
      XCTAssertTrue("\(error)".contains("okta") && "\(error)".contains("entra"), "\(error)")
    }
  }

  func testRevokingAnUnknownIdIsAnError() throws {
    let (_, _, administration) = try KeyFixture(self).open()
    XCTAssertThrowsError(try administration.revoke("key_none")) { error in
      XCTAssertEqual(error as? KeyAdministrationError, .unknownKey(id: "key_none"))
    }
  }

  func testTheHintShowsEightCharactersOfTheBody() throws {
    let created = try KeyFixture(self).open().administration.create(NewKey(name: "a"))
    let secret = created.secret
    XCTAssertEqual(created.key.hint, secret.prefix(9) + "…" + secret.suffix(4))
    XCTAssertNotNil(created.key.id.range(of: "^key_[0-9A-Za-z]{12}$", options: .regularExpression))
  }
}
