import HTTP
import Credentials
import JSON
import SCIM
import Storage

/// API keys: of one directory, or all of them. Everything the admin API knows of how keys are kept is here.
enum KeysNoun {
  static var routes: [AdminRoute] {
    let (ofAll, ofOne) = (AdminRoute.root + "/keys", AdminRoute.directory + "/keys")
    return [
      list(ofAll, "List the keys of all directories"), show(ofAll), revoke(ofAll),
      list(ofOne, "List the keys of a directory"), create(ofOne), show(ofOne), revoke(ofOne),
    ]
  }

  private static func list(_ path: String, _ summary: String) -> AdminRoute {
    AdminRoute(.get, path, "key", "list", .read, summary, answers: .json(.page(.named("Key")))) {
      call throws(AdminProblem) in
      let start = try PageCursor.number(call.query["cursor"]).map { Int(clamping: $0) } ?? 0
      let limit = call.query.integer("limit")
      let keys = visible(to: call)
      guard start <= keys.count else {
        throw AdminProblem(.invalidCursor, "The cursor is not one that this list gave.", at: "?cursor")
      }
      let page = keys[start...].prefix(limit)
      let now = call.world.keys.now
      return AdminAnswer(
        items: page.map { KeyReport($0, now: now).json },
        next: page.endIndex < keys.count ? PageCursor.text(UInt64(page.endIndex)) : nil)
    }.with { $0.parameters = AdminParameter.page }
  }

  private static func create(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path, "key", "create", .write, "Create a key; its secret is shown this once",
      answers: .json(.named("Key"), status: 201)
    ) { call throws(AdminProblem) in
      let creation = try KeyCreation(try call.object())
      var new = NewKey(
        name: creation.name, description: creation.description,
        profile: creation.profile ?? NewKey.defaultProfile, directory: call["directory"],
        user: creation.user, expires: creation.expires)
      if let name = creation.user { new.user = try user(name, call) }
      do throws(MemberError) { try administration(call).check(new) } catch { throw AdminProblem(error) }
      _ = try call.directoryMadeIfNew()
      let created: CreatedKey
      do throws(KeyAdministrationError) {
        created = try administration(call).create(new, call.context("CREATE /keys"))
      } catch {
        throw problem(error)
      }
      var report = KeyReport(created.key, now: call.world.keys.now)
      report.secret = created.secret
      report.baseURL = call.world.base
      return AdminAnswer(report.json, .created)
    }.with {
      $0.body = .json(.named("KeyCreation"))
      $0.canMakeDirectory = true
    }
  }

  private static func show(_ path: String) -> AdminRoute {
    AdminRoute(.get, path + "/{id}", "key", "show", .read, "Show a key", answers: .json(.named("Key"))) {
      call throws(AdminProblem) in
      AdminAnswer(KeyReport(try key(call), now: call.world.keys.now).json)
    }
  }

  private static func revoke(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path + "/{id}/revoke", "key", "revoke", .write, "Refuse a key from the next request on",
      answers: .json(.named("Key"))
    ) { call throws(AdminProblem) in
      let id = try key(call).id
      do throws(KeyAdministrationError) {
        let revoked = try administration(call).revoke(id, call.context("REVOKE /keys/{id}"))
        return AdminAnswer(KeyReport(revoked, now: call.world.keys.now).json)
      } catch {
        throw problem(error)
      }
    }
  }

  private static func administration(_ call: AdminCall) -> KeyAdministration {
    KeyAdministration(call.world.store, call.world.keys)
  }

  /// The id of the user that a name means.
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
  private static func visible(to call: AdminCall) -> [APIKey] {
    call.world.keys.keys(of: call.tenant?.name)
  }

  private static func key(_ call: AdminCall) throws(AdminProblem) -> APIKey {
    guard let key = visible(to: call).first(where: { $0.id.hasSameBytes(as: call["id"]) }) else {
      throw AdminProblem(.unknownKey, "There is no key \"\(call["id"].prefix(64))\".")
    }
    return key
  }

  // MARK: For other nouns

  /// The names of all keys by their ids.
  static func names(_ world: AdminWorld) -> [String: String] {
    Dictionary(world.keys.keys().map { ($0.id, $0.name) }) { first, _ in first }
  }

  static func count(_ world: AdminWorld) -> Int { world.keys.keys().count }

  private static func problem(_ error: KeyAdministrationError) -> AdminProblem {
    switch error {
    case .refused(let member): AdminProblem(member)
    case .unknownKey: AdminProblem(.unknownKey, error.description)
    case .unknownDirectory: AdminProblem(.unknownDirectory, error.description)
    case .notTaken(let error): AdminProblem(error)
    }
  }
}
