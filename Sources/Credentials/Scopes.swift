package import JSON

/// The things a key may do, each by a name such as `scim.users.read`.
package struct Scopes: OptionSet, Sendable, Equatable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let scimUsersRead = Scopes(rawValue: 1 << 0)
  package static let scimUsersWrite = Scopes(rawValue: 1 << 1)
  package static let scimGroupsRead = Scopes(rawValue: 1 << 2)
  package static let scimGroupsWrite = Scopes(rawValue: 1 << 3)
  /// Everything in SCIM, including bulk and resource types of the administrator's own.
  package static let scim = Scopes(rawValue: 1 << 4)
  package static let apiPeopleRead = Scopes(rawValue: 1 << 5)
  package static let apiAccessRead = Scopes(rawValue: 1 << 6)
  package static let apiAccessWrite = Scopes(rawValue: 1 << 7)
  package static let apiEventsRead = Scopes(rawValue: 1 << 8)
  package static let apiSignInsWrite = Scopes(rawValue: 1 << 9)
  package static let adminRead = Scopes(rawValue: 1 << 10)
  package static let adminWrite = Scopes(rawValue: 1 << 11)
  package static let adminErase = Scopes(rawValue: 1 << 12)
  package static let metricsRead = Scopes(rawValue: 1 << 13)

  private static let table: [(name: String, scope: Scopes)] = [
    ("scim.*", .scim), ("scim.users.read", .scimUsersRead), ("scim.users.write", .scimUsersWrite),
    ("scim.groups.read", .scimGroupsRead), ("scim.groups.write", .scimGroupsWrite),
    ("api.people.read", .apiPeopleRead), ("api.access.read", .apiAccessRead),
    ("api.access.write", .apiAccessWrite), ("api.events.read", .apiEventsRead),
    ("api.signins.write", .apiSignInsWrite), ("admin.read", .adminRead), ("admin.write", .adminWrite),
    ("admin.erase", .adminErase), ("metrics.read", .metricsRead),
  ]

  /// The names of all scopes.
  package static var allNames: [String] { table.map(\.name) }

  /// All scopes together, which an administrator of this machine has.
  package static var all: Scopes { table.reduce([]) { $0.union($1.scope) } }

  /// The scope with that name; nil if it does not exist.
  package init?(name: String) {
    guard let row = Scopes.table.first(where: { $0.name == name }) else { return nil }
    self = row.scope
  }

  /// In the order of the table.
  package var names: [String] { Scopes.table.filter { contains($0.scope) }.map(\.name) }

  /// Whether these scopes allow everything in `needed`: `scim.*` includes the other scopes of SCIM, and writing
  /// includes reading.
  package func allow(_ needed: Scopes) -> Bool { isSuperset(of: needed) || needed.isSubset(of: expanded) }

  /// With every scope that these imply.
  package var expanded: Scopes {
    var scopes = self
    if contains(.scim) { scopes.formUnion([.scimUsersWrite, .scimGroupsWrite]) }
    if scopes.contains(.scimUsersWrite) { scopes.insert(.scimUsersRead) }
    if scopes.contains(.scimGroupsWrite) { scopes.insert(.scimGroupsRead) }
    if scopes.contains(.apiAccessWrite) { scopes.insert(.apiAccessRead) }
    if scopes.contains(.adminWrite) { scopes.insert(.adminRead) }
    return scopes
  }
}

extension Scopes {
  /// From a list of names in the log; names that this version does not know are ignored.
  init(known json: JSONValue?) {
    self = (json?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(Scopes.init(name:)) }
      .reduce([]) { $0.union($1) }
  }

  /// From a list of names; throws if it is empty or has an unknown one.
  package init(_ json: JSONValue) throws(MemberError) {
    guard let list = json.arrayValue, !list.isEmpty else {
      throw MemberError("scopes", "must be a list of names such as \"scim.*\"")
    }
    var scopes: Scopes = []
    for element in list {
      guard let name = element.stringValue, let scope = Scopes(name: name) else {
        throw MemberError(
          "scopes",
          "\(element.stringValue.map { "\"\($0.prefix(64))\"" } ?? "a value") is not a scope; there are "
            + Scopes.allNames.joined(separator: ", "))
      }
      scopes.formUnion(scope)
    }
    self = scopes
  }
}
