import JSON
import SCIM
package import Storage

/// Creating and changing connections: each is one change in the log of the connection's directory.
package struct ConnectionAdministration: Sendable {
  /// Connections of one directory.
  package static let maxConnections = 1000

  private let store: Store
  private let keys: KeyRing

  package init(_ store: Store, _ keys: KeyRing) {
    self.store = store
    self.keys = keys
  }

  /// Makes a connection and its first key in one record; returns when that is on disk.
  ///
  /// - Parameters:
  ///   - key: its directory, profile and connection are those of the connection.
  ///   - also: what else belongs into the record; gets the new connection.
  package func create(
    _ description: ConnectionDescription, in directory: Directory, key: NewKey, _ context: RequestContext,
    also: RecordAddition? = nil
  ) throws(KeyAdministrationError) -> (connection: ResourceID, key: CreatedKey) {
    do throws(MemberError) { try Self.check(description) } catch { throw .refused(error) }
    let type = directory.administrativeType("Connection")
    guard directory.administrativeResources(type).count < Self.maxConnections else {
      throw .refused(
        MemberError("name", "the directory has \(Self.maxConnections) connections, the most it can have"))
    }
    var key = key
    key.directory = directory.name
    key.profile = description.provider
    var made: ResourceID?
    let created = try KeyAdministration(store, keys).create(key, context) { (tx, _) throws(SCIMError) in
      try Self.checkName(description.name, type, &tx, except: nil)
      let id = try tx.create(type, description.document, members: [], skipsUnknown: false)
      made = id
      try also?.make(&tx, id)
      return id
    }
    guard let made else { throw .unknownKey(id: created.key.id) }
    return (made, created)
  }

  /// Changes a connection, and the profile of its keys with its provider; `body` gets it as it is then.
  package func change(
    _ id: ResourceID, in directory: Directory, ifMatch: ArraySlice<UInt8>?, _ context: RequestContext,
    _ body: (inout ConnectionDescription) -> Void
  ) throws(KeyAdministrationError) {
    try edit(id, directory, ifMatch, context) { (description) throws(SCIMError) in body(&description) }
  }

  /// Changes a connection in one record; throws `refused` for a value that breaks a rule, `notTaken` for anything else.
  private func edit(
    _ id: ResourceID, _ directory: Directory, _ ifMatch: ArraySlice<UInt8>?, _ context: RequestContext,
    _ body: (inout ConnectionDescription) throws(SCIMError) -> Void
  ) throws(KeyAdministrationError) {
    let type = directory.administrativeType("Connection")
    var refusal: MemberError?
    let changed = directory.write(context) { tx throws(SCIMError) in
      let old = try tx.resource(type, id.text)
      try EntityTag.check(ifMatch, old.version)
      guard var description = ConnectionDescription(old.document) else { throw .notFound("Connection \(id)") }
      let provider = description.provider
      try body(&description)
      do throws(MemberError) { try Self.check(description) } catch {
        refusal = error
        throw SCIMError(.invalidValue, error.description)
      }
      try Self.checkName(description.name, type, &tx, except: id)
      try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
      if provider != description.provider { try changeKeys(of: id, to: description.provider, directory, &tx) }
      return nil
    }
    let result = changed.whenDurable()
    if let refusal { throw .refused(refusal) }
    do { _ = try result.get() } catch { throw .notTaken(error) }
  }

  /// Pauses a connection, so that its requests are answered 503 from the next one on, or resumes it. Throws if it is
  /// being removed.
  package func set(
    _ id: ResourceID, paused: Bool, in directory: Directory, ifMatch: ArraySlice<UInt8>?,
    _ context: RequestContext
  ) throws(KeyAdministrationError) {
    try edit(id, directory, ifMatch, context) { description throws(SCIMError) in
      guard description.state != .removing else {
        throw SCIMError(.conflict, "The connection \"\(description.name)\" is being removed.")
      }
      description.state = paused ? .paused : .active
    }
  }

  /// Gives the keys of a connection its provider's profile, in the same record.
  private func changeKeys(
    of connection: ResourceID, to profile: String, _ directory: Directory, _ tx: inout Transaction
  ) throws(SCIMError) {
    let type = directory.administrativeType("Key")
    for key in keys.keys(of: directory.name) where key.connection == connection {
      let old = try tx.resource(type, key.resource.text)
      var document = old.document
      document.attributes["profile"] = .string(profile)
      try tx.update(old, document, [], skipsUnknown: false)
    }
  }

  /// Throws 409 if another connection of the directory has this name.
  private static func checkName(
    _ name: String, _ type: ResourceType, _ tx: inout Transaction, except own: ResourceID?
  ) throws(SCIMError) {
    guard let other = tx.find(type, "name", name).first(where: { $0 != own }) else { return }
    throw SCIMError(
      .notUnique,
      "The directory already has a connection \"\(name.prefix(64))\": \(other.text).")
  }

  /// Throws for a name, description or provider that breaks a rule.
  private static func check(_ description: ConnectionDescription) throws(MemberError) {
    try KeyAdministration.check(name: description.name)
    // A name that could be an id would mean two things.
    guard ResourceID(description.name) == nil else { throw MemberError("name", "must not be a UUID") }
    try KeyAdministration.check(description: description.description)
    guard Profile.named(description.provider) != nil else {
      let known = Profile.all.map(\.name).joined(separator: ", ")
      throw MemberError(
        "provider", "\"\(description.provider.prefix(64))\" is not known; choose one of \(known)")
    }
  }
}
