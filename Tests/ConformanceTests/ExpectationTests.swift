import Client
import Exchange
import JSON
import XCTest

/// What each test of a rule accepts and what it refuses.
final class ExpectationTests: XCTestCase {
  private let body: JSONValue = [
    "name": "Ada", "age": 36, "tags": ["a", "B", "c"], "born": "1815-12-10T00:00:00Z", "active": true,
    "emails": [["value": "x@y", "type": "work"], ["value": "z@y", "type": "home"]], "version": "W/\"1\"",
  ]

  func testEachTestAcceptsWhatItSays() {
    for rule in [
      ["path": "/name", "present": true], ["path": "/no", "absent": true],
      ["path": "/name", "equals": "Ada"],
      ["path": "/name", "equals": "${ada.name}"], ["path": "/name", "differs": "ADA"],
      ["path": "/no", "differs": 1], ["path": "/name", "equalsIgnoringCase": "aDA"],
      ["path": "/age", "oneOf": [1, 36]], ["path": "/tags/*", "contains": "B"],
      ["path": "/tags/*", "excludes": "b"], ["path": "/tags/*", "sameSet": ["c", "a", "B"]],
      ["path": "/tags/*", "distinct": true], ["path": "/tags", "count": 3], ["path": "/no", "count": 0],
      ["path": "/tags", "count": "${ada.tags|count}"], ["path": "/age", "atLeast": 36, "atMost": 36],
      ["path": "/age", "kind": "number"], ["path": "/emails/*/value", "kind": "string"],
      ["path": "/name", "text": "d", "startsWith": "A", "endsWith": "da"], ["path": "", "nowhere": "secret"],
      ["path": "/born", "form": "dateTime", "notBefore": "1815-12-10T01:00:00+01:00"],
      ["path": "/born", "after": "1815-12-09T23:59:59.999Z"], ["path": "/version", "form": "entityTag"],
      ["path": "/tags/*", "sorted": "ascending"], ["path": "/emails/0", "members": ["type", "value"]],
      ["path": "/emails/0", "membersWithin": ["type", "value", "display"]],
      ["path": "/emails", "every": [["path": "/value", "endsWith": "@y"]]],
      ["path": "/emails", "some": [["path": "/type", "equals": "home"]]],
      ["value": "${ada.emails.1.value}", "equals": "z@y"], ["value": "${ada.nothing}", "absent": true],
      ["value": "${ada.tags|next}", "absent": true],
    ] as [JSONValue] {
      XCTAssertEqual(failures(rule), [], "\(rule)")
    }
  }

  func testEachTestRefusesTheContrary() {
    for rule in [
      ["path": "/no", "present": true], ["path": "/name", "absent": true],
      ["path": "/name", "equals": "ada"],
      ["path": "/name", "equals": "${no}"], ["path": "/name", "differs": "Ada"],
      ["path": "/name", "equalsIgnoringCase": "Adam"], ["path": "/age", "oneOf": [1, "36"]],
      ["path": "/no", "oneOf": [1]], ["path": "/tags/*", "contains": "b"],
      ["path": "/tags/*", "excludes": "B"], ["path": "/tags/*", "sameSet": ["a", "B"]],
      ["value": [1, 1], "count": 3], ["path": "/tags", "count": 2], ["path": "/name", "count": 3],
      ["path": "/age", "atLeast": 37], ["path": "/age", "atMost": 35], ["path": "/name", "atLeast": 0],
      ["path": "/age", "kind": "string"], ["path": "/no", "kind": "string"], ["path": "/name", "text": "D"],
      ["path": "/name", "startsWith": "a"], ["path": "/name", "endsWith": "d"],
      ["path": "", "nowhere": "z@"],
      ["path": "/name", "form": "dateTime"], ["path": "/name", "form": "entityTag"],
      ["path": "/version", "form": "unreserved"], ["path": "/name", "form": "absoluteURI"],
      ["path": "/born", "notBefore": "1815-12-10T00:00:00.001Z"],
      ["path": "/born", "after": "1815-12-10T00:00:00Z"],
      ["path": "/tags/*", "sorted": "ascendingExact"], ["path": "/tags/*", "sorted": "descending"],
      ["path": "/emails/0", "members": ["value"]], ["path": "/emails/0", "membersWithin": ["value"]],
      ["path": "/emails", "every": [["path": "/type", "equals": "work"]]],
      ["path": "/emails", "some": [["path": "/type", "equals": "other"]]],
      ["path": "/no", "every": [["path": "", "present": true]]],
      ["path": "/emails/*/type", "equals": "work"],
    ] as [JSONValue] {
      XCTAssertEqual(failures(rule).count, 1, "\(rule)")
    }
  }

  func testStatusFieldsAndBodyLength() {
    XCTAssertEqual(failures(in: 200), [])
    XCTAssertEqual(failures(in: ["status": [201, 204]]), ["expected status 201 or 204, got 200"])
    XCTAssertEqual(failures(in: ["empty": true]).count, 1)
    XCTAssertEqual(failures(in: ["fields": ["etag": "present", "X": "absent"]]), [])
    XCTAssertEqual(failures(in: ["fields": ["ETag": ["startsWith": "W/", "contains": "1"]]]), [])
    XCTAssertEqual(failures(in: ["fields": ["ETag": ["equals": "1"], "X": "present"]]).count, 2)
  }

  func testVariablesReachIntoAnswersAndRepeat() throws {
    let variables = variables
    XCTAssertEqual(try variables.fill("${ada.name|upper}-${ada:ETag}-${ada:status}"), "ADA-W/\"1\"-200")
    XCTAssertEqual(try variables.fill("${ada/emails/*/type}"), #"["work","home"]"#)
    XCTAssertEqual(try variables.fill("${3*ab}${ada.age|next}"), "ababab37")
    XCTAssertEqual(
      try variables.fill([["$repeat": 2, "$of": ["n": "${index}"]]] as JSONValue), [["n": 1], ["n": 2]])
    XCTAssertNotEqual(try variables.fill("${ada.name|tampered}"), "Ada")
    XCTAssertThrowsError(try variables.fill("${ada.none}"))
  }

  private var answer: Answer {
    Answer(ClientResponse(status: 200, fields: [("ETag", "W/\"1\"")], body: body.serialized()))
  }

  private var variables: Variables {
    var variables = Variables([:])
    variables.keep("ada", answer)
    return variables
  }

  private func failures(_ rule: JSONValue) -> [String] { failures(in: ["body": [rule]]) }

  private func failures(in expectation: JSONValue) -> [String] {
    do {
      return try Expectation(expectation, at: "test").failures(of: answer, variables)
    } catch {
      return ["\(error)", "the format"]
    }
  }
}
