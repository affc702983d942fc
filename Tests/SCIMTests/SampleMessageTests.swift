import JSON
import SCIM
import XCTest

/// The examples of RFC 7644 and RFC 9865, and the definitions of RFC 7643 sections 8.5 to 8.7, in files named by their
/// section. Errata 7898 and 7916 are applied, `...` is left out, and braces that an example lacks are put in.
final class SampleMessageTests: XCTestCase {
  private func samples(_ kind: String) throws -> [Fixture] {
    let found = try Fixture.all(in: "samples").filter { $0.name.hasSuffix("-\(kind).json") }
    XCTAssertFalse(found.isEmpty, kind)
    return found
  }

  func testEverySampleFileIsOfAKindThatATestReads() throws {
    let kinds = [
      "user", "group", "patch-user", "patch-group", "search", "bulk-request", "bulk-response", "list",
      "error",
      "service-provider-config", "resource-types", "schemas", "filters", "paths",
    ]
    for sample in try Fixture.all(in: "samples") {
      XCTAssertTrue(kinds.contains { sample.name.hasSuffix("-\($0).json") }, sample.name)
    }
  }

  func testEveryUserAndGroupOfRFC7644IsDecodedUnderStrictRules() throws {
    for (kind, name) in [("user", "User"), ("group", "Group")] {
      for sample in try samples(kind) where !sample.name.contains("patch") {
        var dialect = Dialect(refusesUnknownAttributes: true)
        let type = try TestCatalog.type(name)
        let request = try ResourceDecoder.decode(sample.json, as: type, dialect: &dialect)
        XCTAssertEqual(dialect.fired, [], sample.name)
        XCTAssertNoThrow(try DocumentRules.checked(request.document, type), sample.name)
      }
    }
  }

  func testEveryPatchOfRFC7644AppliesToTheResourceItSpeaksOf() throws {
    for (kind, name, file) in [
      ("patch-user", "User", "rfc7643-8.2-full-user.json"),
      ("patch-group", "Group", "rfc7643-8.4-group.json"),
    ] {
      let type = try TestCatalog.type(name)
      var dialect = Dialect()
      let subject = try Fixture("samples", file).json
      var before = try ResourceDecoder.decode(subject, as: type, dialect: &dialect).document.ordered(
        for: type)
      before.attributes["nickName"] = nil
      for sample in try samples(kind) {
        let request = try PatchRequest(sample.json, for: type, dialect: Dialect())
        let outcome = try request.apply(to: before)
        XCTAssertTrue(outcome.document != before || !outcome.membership.isEmpty, sample.name)
      }
    }
  }

  func testEveryFilterAndSearchOfTheRFCsIsUnderstood() throws {
    let type = try TestCatalog.type("User")
    let texts = try samples("filters").flatMap { $0.texts("filters") }
    XCTAssertEqual(texts.count, 17)
    for text in texts {
      var dialect = Dialect()
      let expression = try FilterParser.parse(text, dialect: &dialect)
      XCTAssertNoThrow(try FilterBinding(type: type).bind(expression), text)
    }
    for sample in try samples("search") {
      let query = try ListQuery(searchRequest: sample.json)
      XCTAssertEqual(query.count, 10, sample.name)
      XCTAssertEqual(
        query.attributes, sample["attributes"] == nil ? nil : sample.texts("attributes"), sample.name)
    }
  }

  /// The last one names `displayName`, which no schema gives to a member.
  func testEveryPathOfFigure8ThatASchemaHasIsUnderstood() throws {
    let paths = try XCTUnwrap(samples("paths").first).texts("paths")
    for path in paths {
      let operation: JSONValue = ["op": "remove", "path": .string(path)]
      let body: JSONValue = ["schemas": [.string(SchemaURN.patchOp)], "Operations": [operation]]
      let understood = ["User", "Group"].contains { name in
        (try? PatchRequest(body, for: try TestCatalog.type(name), dialect: Dialect())) != nil
      }
      XCTAssertEqual(understood, path != paths.last, path)
    }
  }

  func testEveryBulkRequestOfRFC7644IsUnderstood() throws {
    for sample in try samples("bulk-request") {
      let request = try BulkRequest(sample.json, maxOperations: 10)
      XCTAssertEqual(request.operations.count, sample["Operations"]?.arrayValue?.count, sample.name)
      XCTAssertEqual(
        request.failOnErrors.map { Int64($0) }, sample["failOnErrors"]?.integerValue, sample.name)
    }
  }

  func testEveryErrorOfRFC7644HasAKeywordAndAStatusThatWeUse() throws {
    let inBulk = try samples("bulk-response").flatMap { sample in
      sample["Operations"]?.arrayValue?.compactMap { $0["response"] } ?? []
    }
    for error in try samples("error").map(\.json) + inBulk {
      XCTAssertEqual(error["schemas"], [.string(SchemaURN.error)])
      XCTAssertNotNil(error["status"]?.stringValue.flatMap { Int($0) })
      if let keyword = error["scimType"]?.stringValue { XCTAssertNotNil(SCIMError.Kind(rawValue: keyword)) }
    }
  }

  func testEveryMemberOfADiscoveryExampleIsInItsSchema() throws {
    let catalog = try Catalog.standard()
    let kinds = [
      ("service-provider-config", SchemaURN.serviceProviderConfig),
      ("resource-types", SchemaURN.resourceType),
      ("schemas", SchemaURN.schema),
    ]
    for (kind, urn) in kinds {
      let table = try XCTUnwrap(catalog.schema(urn: urn)).attributes
      for sample in try samples(kind) {
        for object in sample.json.arrayValue ?? [sample.json] {
          check(object, against: table, sample.name, isResource: true)
        }
      }
    }
  }

  private func check(
    _ json: JSONValue, against table: AttributeTable, _ place: String, isResource: Bool = false
  ) {
    for member in json.objectValue?.members ?? [] where !isResource || ResourceType.common[member.name] == nil
    {
      let here = "\(place) \(member.name)"
      // The schema of schemas nests once more than it says (RFC 7643 §2.3.8).
      if here.hasSuffix(" subAttributes subAttributes") { continue }
      guard let attribute = table[member.name] else { return XCTFail("\(here) is in no schema") }
      guard attribute.kind == .complex else { continue }
      for value in member.value.arrayValue ?? [member.value] {
        check(value, against: attribute.subAttributes, here)
      }
    }
  }

  /// Where errata, or RFC 7643 sections 2.3.6 and 2.3.7, change the definitions that section 8.7 prints.
  private static let amended: Set<String> = [
    "User:profileUrl caseExact", "User:password caseExact", "User:photos.value caseExact",
    "User:groups.value caseExact", "User:groups.$ref caseExact", "User:x509Certificates.value caseExact",
    "Group:displayName required", "Group:members.value caseExact", "Group:members.$ref caseExact",
    "EnterpriseUser:manager.value caseExact", "EnterpriseUser:manager.$ref caseExact",
    "ResourceType:name uniqueness", "ResourceType:endpoint uniqueness",
    "ResourceType:schemaExtensions multiValued", "ResourceType:schemaExtensions required",
    "Schema:attributes.subAttributes.referenceTypes multiValued",
  ]

  func testTheSchemasServedAreThoseOfRFC7643Section87AndItsErrata() throws {
    let catalog = try Catalog.standard()
    var found: Set<String> = []
    for sample in try samples("schemas") {
      for definition in sample.json.arrayValue ?? [] {
        let theirs = try Schema(definition)
        let ours = try XCTUnwrap(catalog.schema(urn: theirs.id), theirs.id)
        found.formUnion(differences(theirs.attributes, ours.attributes, "\(theirs.name):"))
      }
    }
    XCTAssertEqual(found, SampleMessageTests.amended)
  }

  private func differences(_ theirs: AttributeTable, _ ours: AttributeTable, _ place: String) -> [String] {
    theirs.flatMap { attribute -> [String] in
      let here = place + attribute.name
      guard let served = ours[attribute.name] else { return ["\(here) missing"] }
      let equalities = [
        ("name", served.name == attribute.name), ("type", served.kind == attribute.kind),
        ("multiValued", served.multiValued == attribute.multiValued),
        ("required", served.required == attribute.required),
        ("caseExact", served.caseExact == attribute.caseExact),
        ("mutability", served.mutability == attribute.mutability),
        ("returned", served.returned == attribute.returned),
        ("uniqueness", served.uniqueness == attribute.uniqueness),
      ]
      return equalities.filter { !$0.1 }.map { "\(here) \($0.0)" }
        + differences(attribute.subAttributes, served.subAttributes, here + ".")
    }
  }
}
