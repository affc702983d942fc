package import Platform
import JSON
import SCIM
package import Storage

/// The access tables of all directories: a view that follows the logs.
package final class AccessIndex: Sendable {
  private struct Held {
    /// A directory that is made again under the same name begins with an empty table.
    let directory: Directory
    let number: Int
    var table: AccessTable
  }

  private struct Tables {
    var held: [String: Held] = [:]
    /// Directories so far.
    var count = 0

    mutating func put(_ directory: Directory, _ table: AccessTable) {
      held[directory.name] = Held(directory: directory, number: count, table: table)
      count += 1
    }
  }

  private let tables = Locked(Tables())
  let memo = AccessMemo()
  package let environment: Environment

  /// Drafts before the grants that name them.
  static let types = ["Draft", "Role", "Target", "Grant", "Connection"]

  /// Follows the store from now on; to be made before it is written to.
  package init(_ store: Store) {
    environment = store.environment
    for directory in store.allDirectories {
      var table = AccessTable()
      for name in Self.types {
        for resource in directory.administrativeResources(directory.administrativeType(name)) {
          table.take(resource)
        }
      }
      table.begin(at: directory.look { (value: $0.last, seq: 0) }.whenDurable())
      let loaded = table
      tables.withLock { $0.put(directory, loaded) }
    }
    store.follow { [weak self] change in self?.take(change) }
  }

  private func take(_ change: AdministrativeChange) {
    guard Self.types.contains(where: { $0.hasSameBytes(as: change.type.name) }) else { return }
    let directory = change.directory
    tables.withLock { tables in
      if tables.held[directory.name]?.directory !== directory { tables.put(directory, AccessTable()) }
      tables.held[directory.name]?.table.take(change)
    }
  }

  /// The table as it is now. In the lock of the directory it goes with what the directory holds.
  package func table(of directory: Directory) -> AccessTable { numbered(directory).table }

  /// The table with a number that no other directory has; nil for one that has no roles, targets and grants yet.
  func numbered(_ directory: Directory) -> (table: AccessTable, number: Int?) {
    tables.withLock { tables in
      guard let held = tables.held[directory.name], held.directory === directory else {
        return (AccessTable(), nil)
      }
      return (held.table, held.number)
    }
  }
}
