import Access
package import SCIM
import Storage

/// The content of `/Roles` and `/Entitlements`: a file, which is the same for all callers, or the roles of the caller's
/// directory.
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

  /// The list for callers of a directory.
  func listed(of directory: Directory) -> ListedDirectory {
    switch self {
    case .file(let list): list.directory
    case .directory(let roles): roles.listed(of: directory)
    }
  }

  /// Whether `listed` would block the event loop for too long.
  func isLong(of directory: Directory) -> Bool {
    if case .directory(let roles) = self { roles.isLong(of: directory) } else { false }
  }
}
