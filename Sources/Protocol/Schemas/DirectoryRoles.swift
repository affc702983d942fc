package import Access
import JSON
import Platform
package import SCIM
import Storage

/// The roles of each directory and their permissions, as `/Roles` and `/Entitlements` list them; built again when roles
/// have changed.
package final class DirectoryRoles: Sendable {
  private struct Listed {
    let directory: Directory
    /// The number of the last record that it includes.
    let seq: UInt64
    let list: ListedDirectory
  }

  /// Lists that are kept; with more directories they are built again when needed.
  private static let maxKept = 1000
  /// A list of more roles is built on a worker.
  private static let maxAtOnce = 200

  package let catalog: Catalog
  /// Of what a user may do.
  let userAccess: Schema
  private let roleType: ResourceType
  private let entitlementType: ResourceType
  private let index: AccessIndex
  private let kept = Locked<[String: Listed]>([:])

  package init(_ index: AccessIndex) throws(SchemaError) {
    let catalog = try Catalog.listed()
    guard let role = catalog.type(named: "Role"), let entitlement = catalog.type(named: "Entitlement") else {
      preconditionFailure("the list has roles and entitlements")
    }
    (self.catalog, roleType, entitlementType, self.index) = (catalog, role, entitlement, index)
    userAccess = try Catalog.userAccess()
  }

  func access(in directory: Directory) -> DirectoryAccess { DirectoryAccess(directory, index) }

  /// Whether `listed` has to build a list that is too long for the event loop.
  func isLong(of directory: Directory) -> Bool {
    let table = index.table(of: directory)
    return table.roles.count > Self.maxAtOnce && known(directory, table.seq) == nil
  }

  /// The list as of the last change of roles.
  func listed(of directory: Directory) -> ListedDirectory {
    let table = index.table(of: directory)
    if let known = known(directory, table.seq) { return known }
    let made = make(directory, table)
    kept.withLock { kept in
      if kept.count >= Self.maxKept { kept = [:] }
      kept[directory.name] = Listed(directory: directory, seq: table.seq, list: made)
    }
    return made
  }

  private func known(_ directory: Directory, _ seq: UInt64) -> ListedDirectory? {
    kept.withLock { kept in
      kept[directory.name].flatMap { $0.directory === directory && $0.seq == seq ? $0.list : nil }
    }
  }

  /// Each role, and each permission once, with the times of the roles that have it.
  private func make(_ directory: Directory, _ table: AccessTable) -> ListedDirectory {
    var resources: [ListedDirectory.Resource] = []
    var times: [TextKey: (created: Int64, modified: Int64)] = [:]
    let found = directory.administrative(all: directory.administrativeType("Role")).whenDurable()
    for resource in found {
      guard let role = table.roles[resource.id]?.role else { continue }
      let time = (created: resource.created.milliseconds, modified: resource.modified.milliseconds)
      resources.append(.init(type: roleType, id: resource.id, document: document(role), times: time))
      for permission in role.permissions {
        let key = TextKey(exact: permission)
        let old = times[key] ?? time
        times[key] = (min(old.created, time.created), max(old.modified, time.modified))
      }
    }
    var seen = Set<TextKey>()
    for role in table.sortedRoles {
      for permission in role.role.permissions where seen.insert(TextKey(exact: permission)).inserted {
        let attributes: JSONObject = [
          "value": .string(permission), "type": "permission", "supported": true,
        ]
        resources.append(
          .init(
            type: entitlementType, id: RoleList.id(of: permission, entitlementType),
            document: Document(attributes).ordered(for: entitlementType),
            times: times[TextKey(exact: permission)])
        )
      }
    }
    return ListedDirectory(catalog, resources, revision: table.seq, time: 0)
  }

  private func document(_ role: Role) -> Document {
    let attributes: JSONObject = [
      "value": .string(role.value), "display": .string(role.name), "type": .string(role.kind.rawValue),
      "supported": true, "limitedAssignmentsPermitted": false,
    ]
    return Document(attributes).ordered(for: roleType)
  }
}
