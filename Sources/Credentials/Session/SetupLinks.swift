import JSON
import Platform
package import SCIM
package import Storage

/// The set-up links of all directories: a view of their logs, and the only place that changes them.
package final class SetupLinks: Sendable {
  /// Why a link cannot be used, in the words that its owner reads.
  package enum State: String, Sendable {
    case open, expired, revoked
  }

  /// More would be a mistake: each is for one person.
  package static let maxPerConnection = 20

  private struct Table {
    var links: [ResourceID: SetupLink] = [:]
    var digests: [KeyDigest: ResourceID] = [:]

    mutating func take(_ change: AdministrativeChange) {
      if let old = links.removeValue(forKey: change.id) { digests[old.digest] = nil }
      guard let link = SetupLink(change) else { return }
      links[change.id] = link
      digests[link.digest] = change.id
    }
  }

  private let store: Store
  private let keys: KeyRing
  private let steps: ConnectionSteps
  private let table = Locked(Table())

  /// Follows the store from now on.
  package init(_ store: Store, _ keys: KeyRing, _ steps: ConnectionSteps) {
    self.store = store
    self.keys = keys
    self.steps = steps
    store.follow { [weak self] change in
      if change.type.name.utf8.elementsEqual("Link".utf8) { self?.table.withLock { $0.take(change) } }
    }
    for directory in store.allDirectories {
      for link in directory.administrativeResources(directory.administrativeType("Link")) {
        table.withLock { $0.take(link) }
      }
    }
  }

  // MARK: Reading

  /// Those of a connection, the newest first.
  package func links(of connection: ResourceID) -> [SetupLink] {
    table.withLock { Array($0.links.values) }.filter { $0.connection == connection }
      .sorted(by: newestFirst(\.created, \.id))
  }

  /// The link of a presented secret, whatever its state; nil if it is unknown.
  package func link(ofSecret secret: ArraySlice<UInt8>) -> SetupLink? {
    let digest = KeyDigest(of: secret)
    return table.withLock { table in table.digests[digest].flatMap { table.links[$0] } }
  }

  package func link(_ id: String) -> SetupLink? {
    table.withLock { $0.links.values.first { $0.id.hasSameBytes(as: id) } }
  }

  /// A day after its connection works, a link ends early.
  package func end(of link: SetupLink) -> DateTime {
    let seen = steps.steps(of: link.connection)
    let needed = [SetupStep.keyAccepted, .userCreated].compactMap { step in
      seen.first { $0.step == step }?.time
    }
    guard needed.count == 2, let green = needed.max() else { return link.expires }
    // A connection that worked before the link was made gets a whole day too.
    let start = max(green, link.created)
    return min(link.expires, DateTime(milliseconds: start.milliseconds + SetupLink.lifetimeWhenGreen))
  }

  package func state(of link: SetupLink) -> State {
    if link.revoked != nil { return .revoked }
    return keys.now < end(of: link) ? .open : .expired
  }

  // MARK: Changes

  /// A new link with its secret, which is stored nowhere.
  package func create(
    for connection: ResourceID, in directory: Directory, by name: String?, _ context: RequestContext
  ) throws(SCIMError) -> (link: SetupLink, secret: String) {
    let now = keys.now
    let secret = keys.environment.randomText("sciml_", digits: 43)
    let type = directory.administrativeType("Link")
    guard links(of: connection).count(where: { state(of: $0) == .open }) < Self.maxPerConnection else {
      throw SCIMError(
        .conflict,
        "The connection has \(Self.maxPerConnection) open links, the most it can have.")
    }
    let id = keys.environment.randomText("link_", digits: 12)
    let expires = DateTime(milliseconds: now.milliseconds + SetupLink.lifetime)
    let link = SetupLink(
      resource: connection, id: id, directory: directory.name, connection: connection,
      digest: KeyDigest(of: Array(secret.utf8)[...]), created: now, expires: expires, createdBy: name)
    _ = try directory.writeTogether(context) { tx throws(SCIMError) in
      try tx.create(type, link.document.ordered(for: type), members: [], skipsUnknown: false)
    }.whenDurable().get()
    return (link, secret)
  }

  /// Changes a link; `body` gets it as it is then, and returns false to leave it. Nil if it no longer exists.
  package func change(
    _ id: String, _ context: RequestContext, _ body: (inout SetupLink) -> Bool
  ) throws(SCIMError) -> SetupLink? {
    guard let known = link(id), let directory = store.existingDirectory(named: known.directory) else {
      return nil
    }
    let type = directory.administrativeType("Link")
    return try directory.writeTogether(context) { tx throws(SCIMError) -> SetupLink? in
      guard let old = try? tx.resource(type, known.resource.text),
        var link = SetupLink(old.administrative(in: directory))
      else { return nil }
      guard body(&link) else { return link }
      try tx.update(old, link.document.ordered(for: type), [], skipsUnknown: false)
      return link
    }.whenDurable().get()
  }
}
