import Access
package import SCIM
import Storage

/// What `/Roles` and `/Entitlements` list: a file, the same for everybody, or the roles of the caller's directory.
package enum RoleSource: Sendable {
  case file(RoleList)
  case directory(DirectoryRoles)

  /// The types that are served, and their schemas.
  package var catalog: Catalog {
    switch self {
    case .file(let list): list.catalog
    case .directory(let roles): roles.catalog
    }
  }

  /// What is listed to those who ask for a directory.
  func listed(of directory: Directory) -> ListedDirectory {
    switch self {
    case .file(let list): list.directory
    case .directory(let roles): roles.listed(of: directory)
    }
  }

  /// Whether `listed` may take longer than a loop may be held.
  func isLong(of directory: Directory) -> Bool {
    if case .directory(let roles) = self { roles.isLong(of: directory) } else { false }
  }
}
