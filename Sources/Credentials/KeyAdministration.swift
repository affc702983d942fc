import JSON
import SCIM
package import Storage
import Platform

/// Creating, changing and revoking keys: each is one change in the log of the key's directory.
package struct KeyAdministration: Sendable {
  package static let maxNameBytes = 200
  package static let maxDescriptionBytes = 1000
  /// Keys of one directory, including revoked ones.
  package static let maxKeys = 10_000

  let store: Store
  let keys: KeyRing

  package init(_ store: Store, _ keys: KeyRing) {
    self.store = store
    self.keys = keys
  }

  /// Creates a key and keeps its digest; returns when the record is on disk.
  package func create(
    _ new: NewKey, _ context: RequestContext = Self.start
  ) throws(KeyAdministrationError) -> CreatedKey {
    try create(new, context) { (tx, key) throws(SCIMError) in
      // Its connection may have been removed since it was looked up.
      guard let connection = key.connection else { return nil }
      return try tx.resource(connectionType, connection.text).id
    }
  }

  /// The same in one record with what `first` does, which returns the connection that the key belongs to.
  func create(
    _ new: NewKey, _ context: RequestContext,
    first: (inout Transaction, APIKey) throws(SCIMError) -> ResourceID?
  ) throws(KeyAdministrationError) -> CreatedKey {
    let directory = try directory(new.directory)
    let secret = APIKeySecret.make(keys.environment)
    let key: APIKey
    do throws(MemberError) {
      let expires = try check(new)
      key = self.key(new, secret, expires: expires, user: try user(of: new, directory))
    } catch {
      throw .refused(error)
    }
    try claim(new.trust, for: nil, in: directory.name)
    defer { if let trust = new.trust { keys.release(trust) } }
    let type = directory.administrativeType("Key")
    let made = directory.write(context) { tx throws(SCIMError) in
      var key = key
      key.connection = try first(&tx, key)
      return try tx.create(type, key.document, members: [], skipsUnknown: false)
    }
    do { _ = try made.whenDurable().get() } catch { throw .notTaken(error) }
    return CreatedKey(key: keys.key(key.id) ?? key, secret: secret)
  }

  private var connectionType: ResourceType { store.system.administrativeType("Connection") }

  private func key(_ new: NewKey, _ secret: String, expires: DateTime?, user: String?) -> APIKey {
    return APIKey(
      resource: ResourceID(bytes: keys.environment.randomBytes(16)),
      id: keys.environment.randomText("key_", digits: 12), name: new.name,
      description: new.description, profile: new.profile, directory: new.directory,
      connection: new.connection, scopes: new.scopes, networks: new.networks, created: keys.now,
      expires: expires, revoked: nil, user: user, trust: new.trust,
      certificateSubject: new.certificateSubject, generations: [generation(1, secret)])
  }

  func generation(_ number: Int, _ secret: String) -> APIKey.Generation {
    APIKey.Generation(
      number: number, digest: KeyDigest(of: Array(secret.utf8)[...]), hint: APIKeySecret.hint(of: secret),
      created: keys.now, ends: nil)
  }

  /// Refuses the key from the next request on; a key that is already revoked keeps its time of revocation.
  package func revoke(
    _ id: String, _ context: RequestContext = Self.start
  ) throws(KeyAdministrationError) -> APIKey {
    let now = keys.now
    return try change(id, context) { key in
      if key.revoked == nil { key.revoked = now }
    }
  }

  /// Changes a key and returns it, when the record is on disk; `body` gets it as it is in the transaction.
  ///
  /// - Parameter trust: a registration that `body` gives the key; no other key may have it.
  package func change(
    _ id: String, ifMatch: ArraySlice<UInt8>? = nil, claiming trust: SignedTokenTrust? = nil,
    _ context: RequestContext, _ body: (inout APIKey) throws(KeyAdministrationError) -> Void
  ) throws(KeyAdministrationError) -> APIKey {
    guard let known = keys.key(id) else { throw .unknownKey(id: id) }
    let directory = try directory(known.directory)
    try claim(trust, for: known.resource, in: directory.name)
    defer { if let trust { keys.release(trust) } }
    let type = directory.administrativeType("Key")
    var refusal: KeyAdministrationError?
    let changed = directory.write(context) { tx throws(SCIMError) in
      let old = try tx.resource(type, known.resource.text)
      try EntityTag.check(ifMatch, old.version)
      guard var key = APIKey(old.administrative(in: directory)) else { throw .notFound("Key \(id)") }
      do throws(KeyAdministrationError) { try body(&key) } catch {
        refusal = error
        throw SCIMError(.invalidValue, error.description)
      }
      try tx.update(old, key.document.ordered(for: type), [], skipsUnknown: false)
      return old.id
    }
    let result = changed.whenDurable()
    if let refusal { throw refusal }
    do { _ = try result.get() } catch { throw .notTaken(error) }
    guard let key = keys.key(id) else { throw .unknownKey(id: id) }
    return key
  }

  private func claim(
    _ trust: SignedTokenTrust?, for resource: ResourceID?, in directory: String
  ) throws(KeyAdministrationError) {
    guard let trust else { return }
    do throws(MemberError) { try keys.claim(trust, for: resource, in: directory) } catch {
      throw .refused(error)
    }
  }

  /// The context of changes that the server makes on its own account.
  package static let start = RequestContext(Actor(.server), requestID: "start", operation: "START")

  /// Throws `unknownDirectory` for a name that no directory has.
  func directory(_ name: String) throws(KeyAdministrationError) -> Directory {
    guard let directory = keys.directory(name) else { throw .unknownDirectory(name) }
    return directory
  }
}

extension Transaction.Existing {
  /// For `APIKey.init`.
  func administrative(in directory: Directory) -> AdministrativeChange {
    AdministrativeChange(directory: directory, type: type, id: id, document: document, created: created)
  }
}
