import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Logins that applications report, so that users exist from their first one on.
enum SignInNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .post, AdminRoute.application + "/sign-ins", "api", "sign-in", .signInsWrite,
        "Create or update the user of a login as the policy says, and answer what the user may do",
        answers: .json(.named("SignInReport"))
      ) { call throws(AdminProblem) in try signIn(call) }.with {
        $0.isOfCaller = true
        $0.body = .json(.named("SignIn"))
        $0.replay = { call, _ throws(AdminProblem) in try signIn(call) }
      }
    ]
  }

  private static func signIn(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let claims = try SignInClaims(try call.object())
    let policies = call.directory.description.policies
    guard policies.signIn != .off else {
      throw AdminProblem(
        .signInOff, "The policy signIn of the directory \(call.directory.name) is off.")
    }
    let types = call.directory.catalog.types
    guard let type = types.first(where: \.hasGroups), let groupType = types.first(where: \.hasMembers) else {
      throw AdminProblem(.unknownType, "This server has no users.")
    }
    let signIn = SignIn(
      claims: claims, policies: policies, type: type, groupType: groupType, table: call.access.table,
      now: call.world.environment.now())
    try checkDeleted(signIn, call)
    var context = call.context("SIGN-IN \(type.endpoint)")
    context.actor.isSignIn = true
    let made = call.directory.editNow(context) { tx throws(SCIMError) in
      try signIn.run(&tx)
    } show: {
      result, edited -> (SignIn.Result, StoredResource?) in
      guard case .signedIn(let id, _, _) = result else { return (result, nil) }
      return (result, edited.resource(id, membersUpTo: 0))
    }.whenDurable()
    let result: (SignIn.Result, StoredResource?)
    do throws(SCIMError) { result = try made.get() } catch { throw AdminProblem(error) }
    return try answer(result, claims, call)
  }

  /// A sign-in brings nobody back whom somebody deleted.
  private static func checkDeleted(_ signIn: SignIn, _ call: AdminCall) throws(AdminProblem) {
    let name = signIn.claims.userName
    let exists = call.directory.look { (value: $0.user(name) != nil, seq: 0) }.whenDurable()
    guard signIn.policies.signIn == .create, !exists else { return }
    let found = call.directory.resources(named: name, signIn.type, .deleted).whenDurable().first {
      $0.name.map { TextKey(folding: $0) } == TextKey(folding: name)
    }
    guard let found else { return }
    throw AdminProblem(
      .userDeleted, "The user \"\(name.prefix(160))\" (\(found.id)) was deleted.",
      fix:
        "If it is the same person, `scimd user restore \(found.id)`; if not, `scimd user erase \(found.id)` "
        + "first.")
  }

  private static func answer(
    _ made: (SignIn.Result, StoredResource?), _ claims: SignInClaims, _ call: AdminCall
  ) throws(AdminProblem) -> AdminAnswer {
    switch made.0 {
    case .unknown:
      throw AdminProblem(
        .signInOff,
        "There is no user \"\(claims.userName.prefix(160))\", and the policy signIn of the directory "
          + "\(call.directory.name) is update, so that sign-ins create nobody.")
    case .deactivated(let id): throw deactivated(id, claims, call)
    case .signedIn(let id, let outcome, let skipped):
      guard let resource = made.1 else {
        throw AdminProblem(.changedMeanwhile, "The user \(id.text) was deleted meanwhile.")
      }
      let access = try AccessNoun.access(of: id.text, call)
      var user: [UInt8] = []
      resource.write(to: &user, base: call.world.base, .standard(resource.type))
      var writer = JSONWriter(capacity: user.count + access.bytes.count + 128)
      writer.beginObject()
      AccessReport.write("outcome", outcome.rawValue, &writer)
      AccessReport.write("skippedGroups", skipped, &writer)
      writer.name("user")
      writer.raw(user)
      writer.name("access")
      writer.raw(access.bytes)
      writer.endObject()
      return AdminAnswer(.bytes(writer.bytes), "application/json")
    }
  }

  /// Since when, and by whom, as the history says it.
  private static func deactivated(
    _ id: ResourceID, _ claims: SignInClaims, _ call: AdminCall
  ) -> AdminProblem {
    let who = call.world.refusals.detail(of: id, in: call.directory) {
      let keys = KeysNoun.names(call.world)
      let events = (try? call.directory.history(of: id))?.events ?? []
      guard let event = events.last(where: \.deactivates) ?? events.first else { return "" }
      let item = HistoryItem(event, keyName: { keys[$0] }, name: { _ in nil })
      let actor = item.key.map { "the key \(item.keyName ?? $0)" } ?? item.origin
      return " since \(item.time), by \(actor)"
    }
    return AdminProblem(
      .userDeactivated, "The user \"\(claims.userName.prefix(160))\" is deactivated\(who).")
  }

  static let bodySchema = AdminSchema.object([
    .init("userName", .text), .init("externalId", .nullable(.text), optional: true),
    .init("displayName", .nullable(.text), optional: true),
    .init("givenName", .nullable(.text), optional: true),
    .init("familyName", .nullable(.text), optional: true), .init("email", .nullable(.text), optional: true),
    .init("groups", .nullable(.list(.text)), optional: true),
  ])

  static let schema = AdminSchema.object([
    .init("outcome", .choice(SignIn.Outcome.allCases.map(\.rawValue))),
    .init("skippedGroups", .list(.text)), .init("user", .named("Resource")),
    .init("access", .named("EffectiveAccess")),
  ])
}

extension HistoryEvent {
  /// Whether the record set `active` to false.
  fileprivate var deactivates: Bool {
    effects.contains { effect in
      if case .changed(let path, _, let after) = effect {
        return path.hasSameBytes(as: "active") && after?.boolValue == false
      }
      return false
    }
  }
}
