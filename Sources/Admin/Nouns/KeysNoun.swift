import Credentials
import HTTP
import JSON
import SCIM
import Storage

/// API keys, of one directory or of all. The only place of the admin API that knows how keys are stored.
enum KeysNoun {
  static var routes: [AdminRoute] {
    let (ofAll, ofOne) = (AdminRoute.root + "/keys", AdminRoute.directory + "/keys")
    return [
      list(ofAll, "List the keys of all directories"),
      create(ofAll, "Create a key for all directories; its secret is shown only once"), show(ofAll),
      update(ofAll), revoke(ofAll), rotate(ofAll), complete(ofAll), cancel(ofAll), inspect(ofAll),
      list(ofOne, "List the keys of a directory"),
      create(ofOne, "Create a key; its secret is shown only once").with { $0.canMakeDirectory = true },
      show(ofOne), update(ofOne), revoke(ofOne), rotate(ofOne), complete(ofOne), cancel(ofOne),
      inspect(ofOne),
    ]
  }

  private static func list(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(.get, path, "key", "list", .read, summary, answers: .json(.page(.named("Key")))) {
      call throws(AdminProblem) in
      try AdminAnswer(page: call, of: visible(to: call)) { KeyReport($0, world: call.world).json }
    }.with { $0.parameters = AdminParameter.page }
  }

  /// Creates the directory last, when everything else has been checked.
  private static func create(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(
      .post, path, "key", "create", .write, summary, answers: .json(.named("Key"), status: 201)
    ) { call throws(AdminProblem) in
      var new = try newKey(try KeyCreation(try call.object()), call)
      do throws(MemberError) {
        new.expires = try administration(call).check(new, call.caller.ceiling).map { .at($0) } ?? .never
      } catch {
        throw AdminProblem(error)
      }
      if call.path["directory"] != nil { _ = try call.directoryMadeIfNew() }
      let created: CreatedKey
      do throws(KeyAdministrationError) {
        created = try administration(call).create(new, call.context("CREATE /keys"))
      } catch {
        throw problem(error)
      }
      var report = KeyReport(created.key, world: call.world)
      report.secret = created.secret
      if !report.isForAllDirectories { report.baseURL = call.world.base }
      return answer(report, created.key, call, .created)
    }.with {
      $0.body = .json(.named("KeyCreation"))
      $0.replay = secretShownOnce
      $0.reach = .handler
    }
  }

  /// The answer to a repeated request that created a key: a refusal, because the secret is not stored.
  static let secretShownOnce: AdminRoute.Replay = { _, _ throws(AdminProblem) in
    throw AdminProblem(
      .secretShownOnce, "This request was carried out, and its first answer had the key's secret.")
  }

  /// The key as it is now.
  static let shown: AdminRoute.Replay = { call, _ throws(AdminProblem) in
    let key = try key(call)
    return answer(KeyReport(key, world: call.world), key, call)
  }

  /// The requested key, with the names of its user and connection resolved.
  private static func newKey(
    _ creation: KeyCreation, _ call: AdminCall
  ) throws(AdminProblem) -> NewKey {
    var new = NewKey(
      name: creation.name, description: creation.description,
      profile: creation.profile ?? NewKey.defaultProfile,
      directory: call.path["directory"] ?? DataFolder.systemName, expires: creation.expires)
    let scopes = try scopes(creation.scopes)
    new.scopes = scopes ?? .scim
    new.networks = try DirectoryChange.networks(creation.networks, at: "/networks")
    new.certificateSubject = creation.certificateSubject
    if let signedTokens = creation.signedTokens {
      do throws(MemberError) { new.trust = try signedTokens.trust(replacing: nil, call.world) } catch {
        throw AdminProblem(error)
      }
    }
    guard call.path["directory"] != nil else {
      let aboutOne = [("user", creation.user), ("connection", creation.connection)].first { $0.1 != nil }
      if let (member, _) = aboutOne {
        throw AdminProblem(MemberError(member, "belongs to one directory, and the key is for all"))
      }
      guard scopes != nil else {
        throw AdminProblem(
          MemberError("scopes", "are required for a key for all directories, such as admin.read"))
      }
      return new
    }
    if let name = creation.user { new.user = try user(name, call) }
    if let name = creation.connection { try belong(to: name, &new, creation.profile, call) }
    if let own = call.caller.connection, new.connection != own {
      throw AdminProblem(.insufficientScope, "A set-up link creates a key for its own connection only.")
    }
    return new
  }

  /// Puts a new key into a connection, whose provider is its profile; throws if the request names another profile.
  private static func belong(
    to name: String, _ new: inout NewKey, _ profile: String?, _ call: AdminCall
  ) throws(AdminProblem) {
    let resource = try ConnectionsNoun.find(name, call)
    guard let connection = ConnectionDescription(resource.document) else { return }
    guard connection.state != .removing else {
      throw AdminProblem(.conflict, "The connection \"\(connection.name)\" is being removed.")
    }
    guard profile == nil || profile == connection.provider else {
      throw AdminProblem(
        MemberError("profile", "must be that of the connection, \(connection.provider), or be omitted"))
    }
    new.connection = resource.id
    new.profile = connection.provider
  }

  /// The scopes with these names; nil for nil. Throws for a name that does not exist.
  static func scopes(_ names: [String]?) throws(AdminProblem) -> Scopes? {
    guard let names else { return nil }
    do throws(MemberError) { return try Scopes(.array(names.map { .string($0) })) } catch {
      throw AdminProblem(error)
    }
  }

  private static func show(_ path: String) -> AdminRoute {
    AdminRoute(.get, path + "/{id}", "key", "show", .read, "Show a key", answers: .json(.named("Key"))) {
      call throws(AdminProblem) in try shown(call, call["id"])
    }
  }

  /// Checks the change inside the transaction, against the key as it is then.
  private static func update(_ path: String) -> AdminRoute {
    AdminRoute(
      .patch, path + "/{id}", "key", "update", .write,
      "Change the name, description, scopes, networks, end, certificate or signed tokens of a key",
      answers: .json(.named("Key"))
    ) { call throws(AdminProblem) in
      let change = try KeyChange(try call.object())
      let scopes = try scopes(change.scopes)
      let networks = try change.networks.map { texts throws(AdminProblem) in
        try DirectoryChange.networks(texts, at: "/networks")
      }
      let known = try key(call)
      let trust = try trust(change, of: known, call)
      let (id, ceiling, administration) = (known.id, call.caller.ceiling, administration(call))
      do throws(KeyAdministrationError) {
        let changed = try administration.change(
          id, ifMatch: call.ifMatch, claiming: trust ?? nil, call.context("PATCH /keys/{id}")
        ) { key throws(KeyAdministrationError) in
          let old = key
          if let name = change.name { key.name = name }
          if let description = change.description { key.description = description }
          if let scopes { key.scopes = scopes }
          if let networks { key.networks = networks }
          if let expires = change.expires { key.expires = expires }
          if let subject = change.certificateSubject { key.certificateSubject = subject }
          if let trust {
            guard key.trust == known.trust else {
              throw .conflict("The key \(id) was changed meanwhile: repeat the request.")
            }
            key.trust = trust
          }
          do throws(MemberError) {
            try administration.check(old, becomes: key)
            try ceiling?.check(old, becomes: key)
          } catch {
            throw .refused(error)
          }
        }
        return answer(KeyReport(changed, world: call.world), changed, call)
      } catch {
        throw problem(error)
      }
    }.with {
      $0.body = .json(.named("KeyChange"))
      $0.takesIfMatch = true
      $0.replay = shown
    }
  }

  /// The registration that a change makes; nil if the change leaves it, `.some(nil)` if it removes it.
  private static func trust(
    _ change: KeyChange, of key: APIKey, _ call: AdminCall
  ) throws(AdminProblem) -> SignedTokenTrust?? {
    guard let changed = change.signedTokens else { return nil }
    guard let signedTokens = changed else { return .some(nil) }
    do throws(MemberError) { return try signedTokens.trust(replacing: key.trust, call.world) } catch {
      throw AdminProblem(error)
    }
  }

  /// Succeeds for a revoked key too; the answer says that it is unchanged.
  private static func revoke(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path + "/{id}/revoke", "key", "revoke", .write, "Refuse a key from the next request on",
      answers: .json(.named("Key"))
    ) { call throws(AdminProblem) in
      let key = try key(call)
      do throws(KeyAdministrationError) {
        let revoked = try administration(call).revoke(key.id, call.context("REVOKE /keys/{id}"))
        var report = KeyReport(revoked, world: call.world)
        report.isUnchanged = key.revoked != nil
        return answer(report, revoked, call)
      } catch {
        throw problem(error)
      }
    }.with { $0.replay = shown }
  }

  /// A key with its current version.
  static func answer(
    _ report: KeyReport, _ key: APIKey, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) -> AdminAnswer {
    let store = call.world.store
    let directory =
      key.isForAllDirectories ? store.system : store.existingDirectory(named: key.directory)
    var report = report
    report.version = directory.flatMap { directory in
      directory.administrative(directory.administrativeType("Key"), called: key.id, by: "keyId")
        .whenDurable()?.version
    }
    return AdminAnswer(report.json, status).with(etag: report.version)
  }

  static func administration(_ call: AdminCall) -> KeyAdministration {
    KeyAdministration(call.world.store, call.world.keys)
  }

  /// The id of the user with this id, userName or e-mail address.
  private static func user(_ name: String, _ call: AdminCall) throws(AdminProblem) -> String {
    let type = call.tenant?.catalog.types.first(where: \.hasGroups)
    let found =
      type.flatMap { type in call.tenant?.resources(named: name, type, .present).whenDurable() } ?? []
    guard let user = try NamedResource.only(found, named: name, at: "/user") else {
      throw AdminProblem(
        .invalidMember, "user: the directory \(call["directory"]) has no user \"\(name.prefix(64))\".",
        at: "/user")
    }
    return user.id
  }

  /// The keys of the directory in the path, or of all.
  static func visible(to call: AdminCall) -> [APIKey] {
    call.world.keys.keys(of: call.tenant?.name)
  }

  /// The key in the path; throws 404 also for a key of another directory.
  static func key(_ call: AdminCall) throws(AdminProblem) -> APIKey {
    guard let key = visible(to: call).first(where: { $0.id.hasSameBytes(as: call["id"]) }) else {
      throw AdminProblem(.unknownKey, "No key \"\(call["id"].prefix(64))\" exists.")
    }
    return key
  }

  // MARK: For other nouns

  /// The names of all keys by their ids.
  static func names(_ world: AdminWorld) -> [String: String] {
    Dictionary(world.keys.keys().map { ($0.id, $0.name) }) { first, _ in first }
  }

  static func count(_ world: AdminWorld) -> Int { world.keys.keys().count }

  /// The refusal by a key's administration as a problem.
  static func problem(_ error: KeyAdministrationError) -> AdminProblem {
    switch error {
    case .refused(let member): AdminProblem(member)
    case .unknownKey: AdminProblem(.unknownKey, error.description)
    case .unknownDirectory: AdminProblem(.unknownDirectory, error.description)
    case .conflict(let reason): AdminProblem(.conflict, reason)
    case .notTaken(let error): AdminProblem(error)
    }
  }
}
