import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// What sets answer is what the JSON of members and groups would.
final class MembershipFilterTests: DirectoryTestCase {
  /// A resource of which every value is made.
  private struct Plain: FilterSubject {
    let subject: EntrySubject

    func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
      subject.value(of: attribute, in: schema)
    }
    func value(of path: AttributePath) -> JSONValue? { subject.value(of: path) }
  }

  private func filters(_ ids: [String], group: Bool) -> [String] {
    let name = group ? "members" : "groups"
    var filters = ["\(name) pr", "\(name).value pr", "not (\(name).value pr)"]
    for id in ids + ["nobody"] {
      filters += [
        "\(name).value eq \"\(id)\"", "\(name) eq \"\(id)\"", "not (\(name).value eq \"\(id)\")",
        "\(name)[value eq \"\(id)\"]", "\(name).value ne \"\(id)\"",
        "\(name)[value eq \"\(id)\" and type eq \"User\"]",
        "\(name)[value eq \"\(id)\" and type ne \"User\"]",
        "\(name)[type eq \"direct\" and value eq \"\(id)\"]", "\(name)[not (value eq \"\(id)\")]",
        "\(name)[value eq \"\(id)\" or type eq \"Group\"]",
      ]
    }
    for type in ["User", "group", "direct", "indirect", "z"] {
      filters += [
        "\(name).type eq \"\(type)\"", "\(name).type ne \"\(type)\"", "\(name)[type co \"\(type)\"]",
        "\(name)[not (type eq \"\(type)\")]", "\(name).type pr",
        "\(name)[type eq \"\(type)\" and display pr]",
      ]
    }
    return filters
  }

  func testSetsAnswerAsTheValuesWould() throws {
    let store = try openStore()
    let tenant = try store.tenant()
    let users = try (0..<4).map { try tenant.createUser("u\($0)") }
    let inner = try tenant.createGroup("inner", [users[0], users[1]])
    let outer = try tenant.createGroup("outer", [inner, users[2]])
    let all = users + [inner, outer, try tenant.createGroup("empty")]
    let ids = all.map(\.id.text)
    var matched = 0
    for type in [tenant.user, tenant.group] {
      for text in filters(ids, group: type === tenant.group) {
        let filter = try XCTUnwrap(try Tenant.part(type, text).filter, text)
        for id in all.filter({ $0.type === type }).map(\.id) {
          let (quick, slow) = try tenant.core.state.withLock { state in
            let directory = state.directory
            let slot = try XCTUnwrap(directory.slots[id])
            let subject = EntrySubject(
              state: directory, slot: slot, entry: try XCTUnwrap(directory.entries[slot]), base: "")
            var budget = WorkBudget(.held, for: .query)
            return (
              try filter.matches(subject, &budget), try filter.matches(Plain(subject: subject), &budget)
            )
          }
          XCTAssertEqual(quick, slow, "\(text) on \(id)")
          if quick { matched += 1 }
        }
      }
    }
    XCTAssertGreaterThan(matched, 100)
    store.close()
  }
}
