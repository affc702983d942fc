import JSON
import SCIM
import XCTest

/// What holds after any PATCH that succeeds, whatever its operations.
final class PatchPropertyTests: XCTestCase {
  private static let rounds = 4_000

  func testAnySuccessfulPatchLeavesADocumentThatAPutWouldKeep() throws {
    let type = try TestCatalog.type("User")
    var random = SeededGenerator(seed: 42)
    var succeeded = 0
    var document = Document(["userName": "bjensen"])
    for round in 0..<Self.rounds {
      let body = request(&random)
      let profile = round % 2 == 0 ? Profile.generic : Profile.named("entra") ?? .generic
      let label = "\(JSONObject([.init(name: "body", value: body)]).text) on \(document.attributes.text)"
      do {
        let patch = try PatchRequest(body, for: type, dialect: Dialect(profile: profile))
        let outcome = try patch.apply(to: document)
        succeeded += 1
        XCTAssertTrue(
          document.attributes["active"] == nil || outcome.document.attributes["active"]?.boolValue != nil,
          label)
        check(outcome.document, type, label)
        document = outcome.document
      } catch {
        XCTAssertEqual(error.status, 400, label)
        XCTAssertNotNil(error.kind, label)
      }
    }
    XCTAssertGreaterThan(succeeded, Self.rounds / 10)
  }

  func testAPatchThatIsSentAgainWithoutAddressingByValueChangesNothing() throws {
    let type = try TestCatalog.type("User")
    var random = SeededGenerator(seed: 43)
    for _ in 0..<Self.rounds {
      let path = Self.settledPaths.randomElement(using: &random) ?? "title"
      let value = Self.values.randomElement(using: &random) ?? .null
      let body: JSONValue = [
        "schemas": [.string(SchemaURN.patchOp)],
        "Operations": [["op": "replace", "path": .string(path), "value": value]],
      ]
      guard let patch = try? PatchRequest(body, for: type, dialect: Dialect()),
        let once = try? patch.apply(to: Document(["userName": "bjensen"]))
      else { continue }
      XCTAssertEqual(try patch.apply(to: once.document).document, once.document, "\(path) \(value)")
    }
  }

  private func check(_ document: Document, _ type: ResourceType, _ label: String) {
    XCTAssertEqual(document.ordered(for: type).attributes.text, document.attributes.text, label)
    for member in document.attributes.members {
      XCTAssertFalse(holdsNothing(member.value), "\(member.name): \(label)")
      let primaries = member.value.arrayValue?.filter { $0["primary"]?.boolValue == true }.count ?? 0
      XCTAssertLessThanOrEqual(primaries, 1, label)
    }
    var body = document.attributes
    body["schemas"] = [.string(type.schema.id)]
    var dialect = Dialect(refusesUnknownAttributes: true)
    do {
      let again = try ResourceDecoder.decode(.object(body), as: type, dialect: &dialect).document
      XCTAssertEqual(again.ordered(for: type).attributes.text, document.attributes.text, label)
      XCTAssertEqual(dialect.fired, [], label)
    } catch {
      XCTFail("\(error): \(label)")
    }
  }

  /// Null, `[]`, `{}`, or one of them inside (RFC 7643 §2.5).
  private func holdsNothing(_ value: JSONValue) -> Bool {
    switch value {
    case .null: true
    case .array(let values): values.isEmpty || values.contains(where: holdsNothing)
    case .object(let object): object.isEmpty || object.members.contains { holdsNothing($0.value) }
    default: false
    }
  }

  private func request(_ random: inout SeededGenerator) -> JSONValue {
    var operations: [JSONValue] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var operation: JSONObject = [
        "op": ["add", "remove", "replace", "Replace"].randomElement(using: &random) ?? "add"
      ]
      if Int.random(in: 0..<8, using: &random) > 0 {
        operation["path"] = Self.paths.randomElement(using: &random).map { .string($0) }
      }
      if Int.random(in: 0..<8, using: &random) > 0 {
        operation["value"] = Self.values.randomElement(using: &random)
      }
      operations.append(.object(operation))
    }
    return ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)]
  }

  private static let settledPaths = [
    "title", "active", "name", "name.givenName", "emails", "roles", "addresses", "manager",
    SchemaURN.enterpriseUser,
    "emails.type", "department",
  ]
  private static let paths =
    settledPaths + [
      "userName", "emails[type eq \"work\"]", "emails[type eq \"work\"].value",
      "emails[primary eq true].type",
      "emails[not (type eq \"home\")].type", "emails.value", "emails.primary",
      "emails[type eq \"home\"].primary",
      "roles[value eq \"a\"]", "roles[primary eq \"True\"].display", "addresses[country eq \"US\"].country",
      "manager.value", "manager[value eq \"a\"]", "manager[value eq \"a\"].value",
      "name[givenName eq \"a\"].givenName",
      "x509Certificates", "externalId", "name.familyName", "groups", "shoeSize",
    ]
  private static let values: [JSONValue] = [
    .null, "", "a", "True", "work", "home", true, false, 5, [], [:], ["a", "b", "a"], [.null], ["value": "a"],
    ["value": .null, "type": "work"], [["value": "a", "type": "work", "primary": true]],
    [["value": "a", "type": "home"], ["value": "b", "type": "work", "primary": "True"]],
    [["value": "b", "primary": true], ["value": "b", "type": "", "primary": true]], ["type": "work"],
    ["givenName": "a", "familyName": .null], ["title": "x", "emails": ["value": "c"], "name.givenName": "d"],
    ["value": "a", "displayName": "Boss"], ["department": "x", "manager": "a"],
    [["$ref": .null, "value": "a"]],
    [[:]], [["country": "US"], ["country": "US", "type": "work"]], ["value": ""],
    ["value": "A", "type": "WORK"],
    ["{\"value\":\"j\",\"type\":\"home\"}"],
    [["value": "A", "type": "work"], ["value": "", "type": "home"]],
    "{\"id\":\"1\",\"value\":\"r\",\"displayName\":\"R\"}", ["display": "d", "type": .null],
    ["department": "x", "title": "y"], [["value": "a"]],
  ]
}
