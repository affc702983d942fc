import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Schemas of an own type against what the files of a store hold.
final class SchemaFitTests: DirectoryTestCase {
  private func withTenant(_ catalog: Catalog, _ body: (Tenant) throws -> Void) throws {
    let store = try openStore(catalog: catalog)
    defer { store.close() }
    try body(try store.tenant())
  }

  func testAnEqualityOnAUniqueAttributeOfAnyTypeLooksAtNothingElse() throws {
    let catalog = try Catalog.withThings([
      ["name": "n", "type": "integer", "uniqueness": "server"],
      ["name": "d", "type": "decimal", "uniqueness": "server"],
      ["name": "t", "type": "dateTime", "uniqueness": "server"],
    ])
    try withTenant(catalog) { tenant in
      let thing = try XCTUnwrap(catalog.type(named: "Thing"))
      for number in 1...3 {
        try tenant.create(
          thing,
          [
            "n": .integer(Int64(number)), "d": .integer(Int64(number)),
            "t": .string("2026-01-0\(number)T00:00:00Z"),
          ])
      }
      for filter in ["n eq 2", "d eq 2", "d eq 2.0", "t eq \"2026-01-02T01:00:00+01:00\""] {
        let bound = try XCTUnwrap(try Tenant.part(thing, filter).filter)
        var budget = WorkBudget(.held, for: .query)
        let found = try tenant.core.state.withLock { state in
          try state.directory.candidates(bound, thing, &budget)?.count
        }
        XCTAssertEqual(found, 1, filter)
        XCTAssertEqual(try tenant.page(thing, filter).total, 1, filter)
      }
      XCTAssertEqual(try tenant.page(thing, "n eq 2.0").total, 1)
    }
  }

  func testAStoreDoesNotOpenWithoutASchemaThatItsResourcesNeedAndIsUnharmed() throws {
    let whole = try Catalog.withThings([["name": "x"], ["name": "y"]])
    var text = ""
    try withTenant(whole) { tenant in
      text = try tenant.create(try XCTUnwrap(whole.type(named: "Thing")), ["x": "a", "y": "b"]).text
      try tenant.create(tenant.user, ["userName": "ada", "urn:example:Thing": ["x": "a"]])
    }
    let lacking: [(Catalog, String)] = [
      (try Catalog.standard(), "resources of type \"Thing\""),
      (try Catalog.withThings([["name": "x"]]), "the attribute y"),
      (try Catalog.withThings([["name": "x"], ["name": "y", "type": "integer"]]), "not of type integer"),
      (try Catalog.withThings([["name": "x"], ["name": "y"]], extends: false), "not an extension of User"),
    ]
    for (catalog, problem) in lacking {
      XCTAssertThrowsError(try withTenant(catalog) { _ in }, problem) { error in
        guard case .schemas(directory: "default", let found)? = error as? StoreError else {
          return XCTFail("\(error)")
        }
        XCTAssertTrue(found.contains(problem), found)
      }
    }
    try withTenant(whole) { tenant in
      let thing = try XCTUnwrap(whole.type(named: "Thing"))
      XCTAssertEqual(try tenant.page(thing).resources.map(\.text), [text])
    }
  }

  func testRecordsOfTheJournalNeedTheirSchemasToo() throws {
    let whole = try Catalog.withThings([["name": "x"]])
    let store = try openStore(catalog: whole)
    let tenant = try store.tenant()
    let thing = try tenant.create(try XCTUnwrap(whole.type(named: "Thing")), ["x": "a"])
    try tenant.patch(thing, [["op": "replace", "path": "x", "value": "b"]])
    let copy = try copyOfFolder()
    store.close()
    for catalog in [try Catalog.standard(), try Catalog.withThings([["name": "y"]])] {
      XCTAssertThrowsError(try openStore(copy, catalog: catalog)) {
        XCTAssertTrue(($0 as? StoreError)?.isAboutSchemas ?? false, "\($0)")
      }
    }
  }

  func testWhatALaterRecordTookAwayNeedsNoSchema() throws {
    let whole = try Catalog.withThings([["name": "x"]])
    let store = try openStore(catalog: whole)
    let tenant = try store.tenant()
    let extended: JSONValue = ["userName": "ada", "urn:example:Thing": ["x": "a"]]
    let ada = try tenant.create(tenant.user, extended)
    let held = try copyOfFolder()
    try tenant.patch(ada, [["op": "remove", "path": "urn:example:Thing:x"]])
    let cleared = try copyOfFolder()
    try tenant.patch(ada, [["op": "add", "path": "urn:example:Thing:x", "value": "b"]])
    try tenant.delete(ada)
    let deleted = try copyOfFolder()
    _ = try tenant.core.erase(tenant.user, ada.id, Tenant.context).whenDurable().get()
    let erased = try copyOfFolder()
    store.close()
    let poor = try Catalog.withThings([["name": "x"]], extends: false)
    for folder in [held, deleted] {
      XCTAssertThrowsError(try openStore(folder, catalog: poor)) {
        XCTAssertTrue(($0 as? StoreError)?.isAboutSchemas ?? false, "\($0)")
      }
    }
    for folder in [cleared, erased] {
      let again = try openStore(folder, catalog: poor)
      XCTAssertEqual(try again.tenant().page(poor.types[0]).total, folder == cleared ? 1 : 0)
      again.close()
    }
  }
}
