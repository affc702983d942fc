import JSON
import SCIM
import XCTest

@testable import Insight

final class RequestExplanationTests: XCTestCase {
  private func refusal(_ refused: JSONValue) -> String? {
    RequestExplanation(["method": "GET", "path": "/Users", "status": 401, "refused": refused]).refused
  }

  func testRefusal_OfAKeyWithATypingErrorCountsItsCharacters() {
    XCTAssertEqual(
      refusal(["reason": "malformed", "length": 53]),
      "The key has 53 characters instead of 54: one was lost in copying.")
    XCTAssertEqual(
      refusal(["reason": "malformed", "length": 50]),
      "The key has 50 characters instead of 54: 4 were lost in copying.")
    XCTAssertEqual(
      refusal(["reason": "malformed", "length": 54]),
      "The key has a typing error: a character is wrong, or two changed places.")
    XCTAssertEqual(
      refusal(["reason": "malformed", "length": 60]),
      "The key has 60 characters instead of 54: something else was copied with it.")
    XCTAssertEqual(refusal(["reason": "malformed"]), "What was sent is not a key: keys begin with scim_.")
  }

  func testRefusal_OfAKnownKeySaysWhichAndWhy() {
    XCTAssertEqual(
      refusal(["reason": "expired", "hint": "scim_abcd…wxyz"]), "The key scim_abcd…wxyz has expired.")
    for reason in ["none", "unknown", "revoked", "rotated", "user", "kind", "network", "throttled"] {
      let explained = RequestExplanation(["method": "GET", "refused": ["reason": .string(reason)]])
      XCTAssertNotNil(explained.refused, reason)
      XCTAssertNotNil(explained.fix, reason)
    }
  }

  func testWrite_ThatChangedNothingSaysSo() {
    let entry: JSONValue = [
      "method": "PATCH", "path": "/Users/{id}", "resource": "2819c223-7f76-453a-919d-413861904646",
      "status": 200,
      "remote": "192.0.2.1", "key": "key_1", "body": [["op": "replace", "path": "active", "value": false]],
      "rules": ["operationCase"], "ignored": ["nick"],
    ]
    let explained = RequestExplanation(entry, key: .init(name: "okta"))
    XCTAssertEqual(explained.who, "key okta (key_1), from 192.0.2.1")
    XCTAssertEqual(explained.asked, "PATCH /Users/2819c223-7f76-453a-919d-413861904646")
    XCTAssertEqual(
      explained.understood,
      [
        "replace active = false", "The rule operationCase rewrote a form that is not the RFC's.",
        "Ignored, because no schema defines them: nick.",
      ])
    XCTAssertEqual(
      explained.changed, ["The request was understood, and nothing changed: everything was already as asked."]
    )
    XCTAssertNil(explained.refused)
  }

  func testWrite_SaysWhatChangedByAttributeAndByMember() {
    let entry: JSONValue = [
      "method": "PATCH", "path": "/Groups/{id}", "status": 200, "record": 7,
      "changes": [
        [
          "changed": "Group", "id": "g",
          "attributes": [["name": "displayName", "before": "A", "after": "B"]],
        ],
        ["members": "g", "added": ["u1"], "removed": ["u2"]],
      ],
    ]
    XCTAssertEqual(
      RequestExplanation(entry).changed,
      ["displayName: \"A\" became \"B\".", "u1 is now in the group g.", "u2 is no longer in the group g."])
  }

  func testRefusedKey_ThatWasRotated_NamesTheDayAndTheNewerSecret() {
    let entry: JSONValue = [
      "method": "GET", "path": "/Users", "status": 401, "key": "key_1",
      "refused": ["reason": "rotated", "hint": "scim_abcd…wxyz"],
    ]
    let key = RequestExplanation.Key(
      name: "okta", newest: ("scim_efgh…stuv", "2026-11-30T10:00:00.000Z"))
    XCTAssertEqual(
      RequestExplanation(entry, key: key).refused,
      "The key scim_abcd…wxyz was replaced by a newer secret, and its time is over. It was rotated on "
        + "2026-11-30T10:00:00.000Z, and the newer one is scim_efgh…stuv.")
  }

  func testError_SaysWhatToDo() {
    for code in SCIMError.Code.allCases {
      let entry: JSONValue = [
        "method": "POST", "path": "/Users", "status": 400,
        "error": ["code": .string(code.rawValue), "status": 400, "detail": "d"],
      ]
      XCTAssertEqual(RequestExplanation(entry).refused, "d")
      XCTAssertEqual(RequestExplanation(entry).error?.code, code)
      XCTAssertNotNil(RequestExplanation(entry).fix, code.rawValue)
    }
  }

  func testError_OfAVersionWithOtherCodesIsShownWithoutARemedy() {
    for code: JSONValue? in [nil, "codeOfALaterVersion"] {
      var error: JSONObject = ["status": 404, "detail": "d"]
      error["code"] = code
      let explained = RequestExplanation(["method": "GET", "path": "/Users", "error": .object(error)])
      XCTAssertEqual(explained.refused, "d")
      XCTAssertNil(explained.error)
      XCTAssertNil(explained.fix)
    }
  }

  func testError_IsExplainedInTheWordsOfTheProviderAndNamesTheAttribute() {
    let entry: JSONValue = [
      "method": "POST", "path": "/Users", "status": 400,
      "error": [
        "code": "requiredMissing", "status": 400, "detail": "d", "attribute": "name.familyName",
      ],
    ]
    for provider in Profile.all {
      let fix = RequestExplanation(entry, provider: provider).fix ?? ""
      XCTAssertTrue(fix.contains("name.familyName"), provider.name)
      XCTAssertTrue(fix.contains(provider.words.restart), provider.name)
    }
  }

  func testBulk_IsExplainedByItsFirstRefusedOperation() {
    let entry: JSONValue = [
      "method": "POST", "path": "/Bulk", "status": 200,
      "failures": [
        ["code": "notUnique", "status": 409, "detail": "d", "attribute": "userName"],
        ["code": "unknownResource", "status": 404, "detail": "e"],
      ],
    ]
    let explained = RequestExplanation(entry)
    XCTAssertNil(explained.refused)
    XCTAssertEqual(explained.error?.code, .notUnique)
    XCTAssertEqual(explained.changed.suffix(2), ["Refused: d", "Refused: e"])
  }

  func testCurl_RepeatsReadsAndWritesWithoutTheKeyAndQuotesForTheShell() {
    let base = "https://scim.example.com/scim/v2"
    XCTAssertEqual(
      RequestCurl.command(
        ["method": "GET", "path": "/Users", "query": ["filter": "userName eq \"o'hara\"", "count": 5]],
        base: base),
      "curl -i -H \"Authorization: Bearer $SCIM_KEY\" -G --data-urlencode 'filter=userName eq \"o'\\''hara\"' "
        + "--data-urlencode 'count=5' 'https://scim.example.com/scim/v2/Users'")
    XCTAssertEqual(
      RequestCurl.command(
        [
          "method": "PATCH", "path": "/Users/{id}", "resource": "u",
          "body": [["op": "remove", "path": "title"]],
        ], base: base),
      "curl -i -H \"Authorization: Bearer $SCIM_KEY\" -X PATCH -H 'Content-Type: application/scim+json' -d "
        + "'{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"remove\","
        + "\"path\":\"title\"}]}' 'https://scim.example.com/scim/v2/Users/u'")
    XCTAssertEqual(
      RequestCurl.command(["method": "POST", "path": "/oauth2/token"], base: base),
      "curl -i -H \"Authorization: Bearer $SCIM_KEY\" -X POST 'https://scim.example.com/oauth2/token'")
    XCTAssertNil(RequestCurl.command(["method": "", "path": ""], base: base))
    XCTAssertNil(RequestCurl.command(["method": "GET", "path": "?"], base: base))
  }
}
