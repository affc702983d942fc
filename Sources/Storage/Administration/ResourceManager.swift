import JSON
import Platform
import SCIM

/// Who manages a resource: who created it, or the connection that took it over.
package struct ResourceManager: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case connection, key, admin, clock, server
    case signIn = "sign-in"
  }

  package let kind: Kind
  /// The id of the connection or the `keyId` of the key; nil for the others.
  package let id: String?
  /// The name of the connection or the key; nil if it is no longer known.
  package var name: String?

  package init(kind: Kind, id: String? = nil, name: String? = nil) {
    self.kind = kind
    self.id = id
    self.name = name
  }

  /// From the text that `ManagerTable` keeps.
  fileprivate init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard let first = parts.first, let kind = Kind(rawValue: String(first)) else { return nil }
    self.init(kind: kind, id: parts.count > 1 ? String(parts[1]) : nil)
  }
}

extension Directory {
  /// Who manages the resources, also deleted ones, by their ids; without those of which nothing is known.
  package func managers(of ids: [String]) -> Pending<[String: ResourceManager]> {
    let (found, seq) = state.withLock { state -> ([String: ResourceManager], UInt64) in
      var found: [String: ResourceManager] = [:]
      for id in ids { found[id] = state.directory.manager(of: id) }
      return (found, state.directory.last)
    }
    return Pending(found, seq, journal)
  }

  /// How many resources of each type a connection manages, by the names of the types; reads every resource.
  package func managedCounts(by connection: ResourceID) -> Pending<[String: Int]> {
    let (capture, seq) = state.withLock { ($0.directory.capture(), $0.directory.last) }
    var counts: [UInt8: Int] = [:]
    var isIts: [UInt32: Bool] = [:]
    let managers = capture.managers
    capture.entries.forEach { _, entry in
      let known = isIts[entry.manager] ?? (managers.connection(of: entry.manager) == connection)
      isIts[entry.manager] = known
      if known { counts[entry.type, default: 0] += 1 }
    }
    var named: [String: Int] = [:]
    for (number, count) in counts { named[catalog.stored[Int(number)].name] = count }
    return Pending(named, seq, journal)
  }
}

extension DirectoryState {
  /// The manager of a resource, present or deleted, with the name of its connection.
  fileprivate func manager(of id: String) -> ResourceManager? {
    guard let id = ResourceID(id) else { return nil }
    let entry = slots[id].flatMap { entries[$0] }
    guard let number = entry?.manager ?? tombstones[id]?.manager,
      var manager = managers.name(of: number).flatMap({ ResourceManager($0) })
    else { return nil }
    if let connection = managers.connection(of: number) {
      manager.name = slots[connection].flatMap { entries[$0] }?.body.document.attributes["name"]?.stringValue
    }
    return manager
  }
}
