import Foundation
import JSON
import SCIM
import XCTest

final class ProfileTests: XCTestCase {
  func testEveryProviderThatPeopleNameHasAProfile() {
    XCTAssertEqual(
      Profile.all.map(\.name),
      [
        "generic", "okta", "entra", "jumpcloud", "google", "onelogin", "ping", "cyberark", "sailpoint",
        "authentik", "keycloak", "conductorone", "secureauth", "rippling", "workday", "salesforce",
      ])
    for profile in Profile.all { XCTAssertEqual(Profile.named(profile.name)?.name, profile.name) }
    XCTAssertNil(Profile.named("Okta"))
    XCTAssertNil(Profile.named(""))
  }

  func testEveryFileOfAProviderIsEmbedded() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("Sources/CAssets/Providers").path)
    XCTAssertEqual(files.sorted(), Profile.all.map { "\($0.name).json" }.sorted())
  }

  func testWhatAProviderMapsIsAnAttributeHere() throws {
    let type = try XCTUnwrap(try Catalog.standard().types.first(where: \.hasGroups))
    var count = 0
    for profile in Profile.all {
      // userName cannot be removed.
      XCTAssertEqual(profile.mapping.first?.attribute ?? "userName", "userName")
      for (attribute, _) in profile.mapping.dropFirst() {
        let patch: JSONValue = [
          "schemas": [.string(SchemaURN.patchOp)],
          "Operations": [["op": "remove", "path": .string(attribute)]],
        ]
        XCTAssertNoThrow(
          try PatchRequest(patch, for: type, dialect: Dialect()), "\(profile.name): \(attribute)")
        count += 1
      }
    }
    XCTAssertGreaterThan(count, 80)
  }

  func testEveryProviderHasStepsThatNameTheBaseURLAndTheKeyAndAPageWithoutSlots() {
    for profile in Profile.all {
      let steps = profile.steps.joined(separator: "\n")
      for slot in ["{base}", "{key}"] {
        XCTAssertEqual(steps.components(separatedBy: slot).count, 2, "\(profile.name): \(slot)")
        XCTAssertFalse(profile.page.contains(slot), profile.name)
      }
      XCTAssertEqual(profile.checkList.first, .keyAccepted, profile.name)
      XCTAssertEqual(Set(profile.checkList).count, profile.checkList.count, profile.name)
      XCTAssertFalse(profile.checkList.contains(.keyRefused), profile.name)
      for text in [profile.behaviour.sync, profile.behaviour.unassign, profile.behaviour.limits] {
        XCTAssertTrue(profile.page.contains(text), profile.name)
      }
    }
  }

  func testRulesAgainstTheRFCAreOnOnlyWhereTheirClientNeedsThem() {
    let owners: [DialectRule: Set<String>] = [
      .createSelected: ["entra"], .unquotedText: ["entra", "authentik"], .skipUnknownMembers: ["okta"],
      .foreignBaseSchema: ["onelogin"], .missingSchemas: ["authentik"], .jsonTextValue: ["entra"],
      .numberAsText: ["okta", "entra", "sailpoint", "rippling", "workday"],
    ]
    for rule in DialectRule.allCases {
      let names = Set(Profile.all.filter { $0.rules.contains(rule) }.map(\.name))
      XCTAssertEqual(names, owners[rule] ?? Set(Profile.all.map(\.name)), rule.rawValue)
    }
  }

  func testAProfileWithAnUnknownMemberRuleOrPolicyIsRefusedWithItsPlace() throws {
    func file(_ changes: JSONObject) -> JSONValue {
      var object: JSONObject = [
        "name": "x", "title": "X", "changes": "nothing", "note": "A note.",
        "setUp": ["base": "a", "key": "b", "identifier": "c", "features": "d"],
        "words": [
          "base": "a", "key": "b", "matching": "c", "mapping": "d", "assignment": "e", "actions": "f",
          "log": "g", "restart": "h",
        ],
        "behaviour": ["sync": "a", "unassign": "b", "limits": "c"], "checkList": ["keyAccepted"],
      ]
      for member in changes.members { object[member.name] = member.value }
      return .object(object)
    }
    XCTAssertEqual(try Profile(file([:])).rules, Profile.generic.rules)
    let cases: [(JSONObject, String)] = [
      (["rules": ["unquoted"]], "/rules/0"), (["rules": ["createSelected"]], "/rules/0"),
      (["policies": ["unquotedText"]], "/policies/0"), (["rule": []], "/rule"), (["title": ""], "/title"),
      (["setUp": ["base": "a"]], "/setUp"), (["setUp": ["bases": "a"]], "/setUp/bases"),
      (["words": ["base": "a"]], "/words"), (["words": ["menu": "a"]], "/words/menu"),
      (["remedies": ["notUniqe": "a"]], "/remedies/notUniqe"),
      (["remedies": ["notUnique": ""]], "/remedies/notUnique"),
      (["behaviour": ["sync": "a"]], "/behaviour"), (["behaviour": ["delay": "a"]], "/behaviour/delay"),
      (["checkList": []], "/checkList"), (["checkList": ["userMade"]], "/checkList/0"),
      (["steps": [1]], "/steps/0"), (["mapping": [["attribute": "userName"]]], "/mapping/0"),
    ]
    for (change, place) in cases {
      XCTAssertThrowsError(try Profile(file(change))) {
        XCTAssertEqual(($0 as? SchemaError)?.pointer, place, "\($0)")
      }
    }
  }

  /// Who adds a provider's file adds it to the document: `ProfileTables` prints the lines.
  func testTheTablesOfTheDocumentationAreThoseOfTheProfiles() throws {
    let page = try String(
      contentsOf: root.appendingPathComponent("Sources/CAssets/Docs/providers.md"), encoding: .utf8)
    let mappings = [
      ["okta", "entra", "jumpcloud", "google", "onelogin"],
      ["ping", "cyberark", "sailpoint", "authentik", "keycloak"], ["rippling", "workday", "salesforce"],
    ]
    XCTAssertEqual(
      Set(mappings.joined()), Set(Profile.all.filter { !$0.mapping.isEmpty }.map(\.name)))
    for table in [ProfileTables.setUp, ProfileTables.changes, ProfileTables.behaviour]
      + mappings.map(ProfileTables.mapping)
    {
      XCTAssertTrue(page.contains("\n\(table)\n\n"), "providers.md lacks the table\n\(table)")
    }
  }

  func testARuleFiresOnceAndOnlyWhereItIsOn() {
    var dialect = Dialect(profile: .generic)
    XCTAssertFalse(dialect.allow(.createSelected))
    XCTAssertTrue(dialect.allow(.booleanText))
    XCTAssertTrue(dialect.allow(.operationCase))
    XCTAssertTrue(dialect.allow(.booleanText))
    XCTAssertEqual(dialect.fired, [.booleanText, .operationCase])
  }

  func testARuleMayBeAddedToAProfile() {
    var dialect = Dialect(profile: .generic, adding: [.createSelected])
    XCTAssertTrue(dialect.allow(.createSelected))
    XCTAssertFalse(dialect.allow(.jsonTextValue))
    XCTAssertEqual(dialect.fired, [.createSelected])
  }

  func testErrorsSayWhereTheyHappened() {
    let error = SCIMError(.invalidValue, "wrong").at(operation: 1)
    XCTAssertEqual(error.detail, "Operation 2: wrong")
    XCTAssertEqual(error.operation, 1)
    XCTAssertEqual(SCIMError.uniqueness("userName").status, 409)
    XCTAssertEqual(SCIMError.uniqueness("userName").kind, .uniqueness)
    XCTAssertEqual(SCIMError.notFound("User x").status, 404)
    XCTAssertNil(SCIMError.notFound("User x").kind)
  }

  private var root: URL {
    URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().appendingPathComponent("../..")
      .standardized
  }
}
