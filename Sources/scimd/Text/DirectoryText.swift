import Admin
import Platform
import SCIM
import Storage

/// Directories for people to read.
enum DirectoryText {
  static func table(_ directories: [DirectoryReport]) -> TextTable {
    var table = TextTable([
      "NAME", "DISPLAY NAME", "STATE", "USERS", "GROUPS", "CONNECTIONS", "KEYS", "CREATED",
    ])
    for directory in directories {
      table.add(
        [directory.name, directory.displayName ?? "", directory.state.rawValue, "\(directory.users)"]
          + ["\(directory.groups)", "\(directory.connections)", "\(directory.keys)"]
          + [String(directory.created.description.prefix(10))])
    }
    return table
  }

  /// One directory with all policies and quotas, whether set or default.
  static func lines(_ directory: DirectoryReport) -> String {
    KeyText.rows([
      ("Name", directory.name), ("Display name", directory.displayName),
      ("Description", directory.description), ("State", directory.state.rawValue),
      ("Local changes", directory.policies.localChanges.rawValue),
      ("Cross connection", directory.policies.crossConnection.rawValue),
      ("Key max days", "\(directory.policies.keyMaxDays)"),
      ("Leaver SLA", "\(directory.policies.leaverSLA) s"),
      (
        "Auth kinds",
        DirectoryPolicies.AuthKind.allCases.filter(directory.policies.authKinds.contains)
          .map(\.rawValue).joined(separator: " ")
      ),
      (
        "Allowed networks",
        directory.policies.allowedNetworks.isEmpty
          ? "all" : directory.policies.allowedNetworks.map(\.description).joined(separator: " ")
      ),
      ("Sign-in", directory.policies.signIn.rawValue),
      (
        "Sign-in groups",
        directory.policies.signInGroups.isEmpty
          ? nil : directory.policies.signInGroups.map(\.text).joined(separator: " ")
      ),
      ("Nested groups", directory.policies.nestedGroups ? "yes" : "no"),
      ("Roles from IdP", directory.policies.rolesFromIdp ? "yes" : "no"),
      ("Role review", directory.policies.roleReview.rawValue),
      ("Most resources", "\(directory.policies.quotas.maxResources)"),
      ("Most bytes", "\(directory.policies.quotas.maxBytes)"),
      ("Largest resource", "\(directory.policies.quotas.maxResourceBytes) bytes"),
      ("Most deleted", "\(directory.policies.quotas.maxDeleted)"), ("Users", "\(directory.users)"),
      ("Groups", "\(directory.groups)"), ("Connections", "\(directory.connections)"),
      ("Keys", "\(directory.keys)"), ("Created", directory.created.description),
      ("Changed", directory.modified.description), ("Version", directory.version),
    ])
  }
}
