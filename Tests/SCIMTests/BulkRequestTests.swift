import JSON
import SCIM
import XCTest

final class BulkRequestTests: XCTestCase {
  private func request(_ members: JSONObject, maxOperations: Int = 10) throws -> BulkRequest {
    var body = members
    body["schemas"] = body["schemas"] ?? [.string(SchemaURN.bulkRequest)]
    return try BulkRequest(.object(body), maxOperations: maxOperations)
  }

  private func assert(
    _ status: Int, _ kind: SCIMError.Kind?, line: UInt = #line, _ body: () throws -> Void
  ) {
    XCTAssertThrowsError(try body(), line: line) { error in
      XCTAssertEqual((error as? SCIMError)?.status, status, line: line)
      XCTAssertEqual((error as? SCIMError)?.kind, kind, line: line)
    }
  }

  private let post: JSONValue = ["method": "POST", "path": "/Users", "bulkId": "a", "data": [:]]

  func testAMessageThatIsNoBulkRequestIsRefused() {
    for body in [[], "x", [:], ["schemas": ["urn:x"], "Operations": [post]]] as [JSONValue] {
      assert(400, .invalidSyntax) { _ = try BulkRequest(body, maxOperations: 10) }
    }
    for operations in [[], [:], "x", 5, [5], [["method": 5]], [["bulkId": 5]], [["version": 5]]]
      as [JSONValue]
    {
      assert(400, .invalidSyntax) { _ = try request(["Operations": operations]) }
    }
    for limit in [-1, "1", true] as [JSONValue] {
      assert(400, .invalidSyntax) { _ = try request(["Operations": [post], "failOnErrors": limit]) }
    }
    assert(400, .invalidSyntax) { _ = try request(["Operations": [post], "atomic": "true"]) }
    assert(400, .invalidSyntax) { _ = try request(["Operations": [post, post]]) }
  }

  func testAMemberThatIsGivenTwiceIsRefused() {
    for name in ["METHOD", "Path", "bulkID", "DATA"] {
      var twice = post.objectValue ?? JSONObject()
      twice[name] = twice.members.first { $0.name.lowercased() == name.lowercased() }?.value
      assert(400, .invalidSyntax) { _ = try request(["Operations": [.object(twice)]]) }
    }
    assert(400, .invalidSyntax) {
      _ = try request(["Operations": [post], "atomic": true, "ATOMIC": false])
    }
  }

  /// Clients that serialize an unset integer send 0.
  func testAnErrorLimitOfZeroIsNone() throws {
    XCTAssertNil(try request(["Operations": [post], "failOnErrors": 0]).failOnErrors)
    XCTAssertEqual(try request(["Operations": [post], "failOnErrors": 1]).failOnErrors, 1)
  }

  func testTheSchemasOfAMessageMustBeAList() {
    let text = JSONValue.string(SchemaURN.bulkRequest)
    XCTAssertThrowsError(try request(["Operations": [post], "schemas": text])) {
      XCTAssertTrue(($0 as? SCIMError)?.detail.contains("must be a list") == true, "\($0)")
    }
  }

  func testMoreOperationsThanAllowedAre413() throws {
    let operations = JSONValue.array((0..<4).map { ["method": "DELETE", "path": .string("/Users/\($0)")] })
    assert(413, nil) { _ = try request(["Operations": operations], maxOperations: 3) }
    XCTAssertEqual(try request(["Operations": operations], maxOperations: 4).operations.count, 4)
  }

  func testNamesOfMembersIgnoreLetterCase() throws {
    let found = try request([
      "operations": [["METHOD": "post", "Path": "/Users", "bulkid": "a", "Data": [:]]], "failonerrors": 2,
      "Atomic": true,
    ])
    XCTAssertEqual(found.operations[0].method, .post)
    XCTAssertEqual(found.operations[0].bulkId, "a")
    XCTAssertEqual(found.failOnErrors, 2)
    XCTAssertTrue(found.isAtomic)
  }

  func testAnOperationThatLacksAPartFailsAlone() throws {
    let lacking: [JSONValue] = [
      ["path": "/Users"], ["method": "GET", "path": "/Users"], ["method": "DELETE"],
      ["method": "DELETE", "path": ""], ["method": "POST", "path": "/Users", "data": [:]],
      ["method": "POST", "path": "/Users", "bulkId": "", "data": [:]],
      ["method": "POST", "path": "/Users", "bulkId": "a"], ["method": "PUT", "path": "/Users/x"],
      ["method": "PATCH", "path": "/Users/x", "data": .null],
    ]
    for operation in try request(["Operations": .array(lacking)]).operations {
      assert(400, .invalidSyntax) { _ = try operation.checkedMethod() }
    }
    XCTAssertEqual(try request(["Operations": [post]]).operations[0].checkedMethod(), .post)
  }

  func testReferencesAreFoundWhereverTheyStand() throws {
    let operation = try request([
      "Operations": [
        [
          "method": "PATCH", "path": "/Groups/bulkId:g",
          "data": [
            "Operations": [
              ["op": "remove", "path": "members[value eq \"bulkId:a\" or value eq \"bulkId:b\"]"],
              [
                "op": "add", "path": "members",
                "value": [["value": "bulkId:c", "$ref": "../Users/bulkId:c"]],
              ],
              ["op": "add", "path": "manager", "value": "bulkId:d"],
              ["path": "title", "value": "no bulkId:e"],
            ]
          ],
        ]
      ]
    ]).operations[0]
    let type = try TestCatalog.type("Group")
    XCTAssertEqual(BulkReferences.targets(of: operation, on: type), ["g", "a", "b", "c"])
    let replaced = BulkReferences.replaced(in: operation.data ?? .null, of: operation, on: type) {
      "id-\($0)"
    }
    let expected: JSONValue = [
      "Operations": [
        ["op": "remove", "path": "members[value eq \"id-a\" or value eq \"id-b\"]"],
        ["op": "add", "path": "members", "value": [["value": "id-c", "$ref": "../Users/id-c"]]],
        ["op": "add", "path": "manager", "value": "bulkId:d"], ["path": "title", "value": "no bulkId:e"],
      ]
    ]
    XCTAssertEqual(replaced, expected)
    XCTAssertEqual(BulkReferences.replaced(in: replaced, of: operation, on: type) { _ in "x" }, expected)
  }

  /// Every place of a user that may refer to another resource, and text that only looks like it.
  func testOnlyReferencesMayHoldABulkId() throws {
    let type = try TestCatalog.type("User")
    let manager = "\(SchemaURN.enterpriseUser):manager"
    let bodies: [(String, JSONValue, [String])] = [
      ("POST", ["userName": "bulkId:a", "title": "bulkId:b", "externalId": "bulkId:c"], []),
      (
        "POST",
        ["emails": [["value": "bulkId:a"]], "roles": ["bulkId:b"], "name": ["givenName": "bulkId:c"]], []
      ),
      ("POST", ["unknown": "bulkId:a", "urn:x:y": ["manager": "bulkId:b"]], []),
      (
        "POST", [SchemaURN.enterpriseUser: ["manager": ["value": "bulkId:a", "displayName": "bulkId:b"]]],
        ["a"]
      ),
      ("POST", [SchemaURN.enterpriseUser: ["manager": "bulkId:a", "department": "bulkId:b"]], ["a"]),
      (
        "POST", ["photos": [["value": "bulkId:a", "display": "bulkId:b"]], "profileUrl": "bulkId:c"],
        ["a", "c"]
      ),
      ("PATCH", patch(["op": "add", "path": .string(manager), "value": "bulkId:a"]), ["a"]),
      ("PATCH", patch(["op": "add", "path": .string(manager + ".value"), "value": "bulkId:a"]), ["a"]),
      ("PATCH", patch(["op": "add", "path": "manager", "value": [["$ref": "x/bulkId:a"]]]), ["a"]),
      ("PATCH", patch(["op": "add", "value": [manager: "bulkId:a", "title": "bulkId:b"]]), ["a"]),
      ("PATCH", patch(["op": "add", "path": "title", "value": "bulkId:a"]), []),
      ("PATCH", patch(["op": "remove", "path": "emails[value eq \"bulkId:a\"]"]), []),
      (
        "PATCH",
        patch(["op": "add", "path": .string(SchemaURN.enterpriseUser), "value": ["manager": "bulkId:a"]]),
        ["a"]
      ),
      ("PATCH", [["op": "add", "path": "manager", "value": "bulkId:a"]], ["a"]),
    ]
    for (method, data, targets) in bodies {
      let operation = try request([
        "Operations": [["method": .string(method), "path": "/Users/x", "bulkId": "z", "data": data]]
      ]).operations[0]
      XCTAssertEqual(BulkReferences.targets(of: operation, on: type), targets, "\(data)")
    }
  }

  private func patch(_ operation: JSONValue) -> JSONValue { ["Operations": [operation]] }
}
