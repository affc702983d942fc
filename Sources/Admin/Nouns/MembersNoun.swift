import HTTP
import JSON
import SCIM
import Storage

/// The direct members of a group.
enum MembersNoun {
  static var routes: [AdminRoute] {
    let path = AdminRoute.directory + "/groups/{id}/members"
    return [
      AdminRoute(
        .get, path, "group members", "list", .read, "List the direct members of a group",
        answers: .json(.page(.named("ResourceOverview")))
      ) { call throws(AdminProblem) in try list(call) }
      .with { $0.parameters = AdminParameter.page },
      AdminRoute(
        .patch, path, "group members", "change", .write, "Add members to a group and remove others",
        answers: .json(.named("MembershipReport"))
      ) { call throws(AdminProblem) in try change(call) }
      .with {
        $0.parameters = [.force]
        $0.body = .json(.named("MembershipChange"))
        $0.takesIfMatch = true
        $0.takesDryRun = true
        $0.replay = AdminAnswer.kept
      },
    ]
  }

  /// Groups are the first type that has members.
  private static func acts(_ call: AdminCall) throws(AdminProblem) -> ResourceActs {
    guard let type = call.directory.catalog.types.first(where: \.hasMembers) else {
      throw AdminProblem(.unknownType, "This server has no groups.")
    }
    return ResourceActs(call: call, type: type)
  }

  /// Members in order of their creation; names and states as of now.
  private static func list(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let acts = try acts(call)
    let start = try PageCursor.number(call.query["cursor"])
    let group = try acts.target()
    let page = ResourceID(group.id).flatMap { id in
      call.directory.members(of: id, acts.type, after: start, limit: call.query.integer("limit"))
        .whenDurable()
    }
    guard let page else { throw AdminProblem(.unknownResource, "The group \(group.id) was deleted.") }
    return AdminAnswer(items: page.items.map(\.json), next: page.next.map { PageCursor.text($0) })
  }

  /// Adds, then removes, in one record; a name in both lists is removed.
  private static func change(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let acts = try acts(call)
    let change = try MembershipChange(try call.object())
    let target = try acts.target()
    let added = try ids(change.add, "add", call)
    let removed = try ids(change.remove, "remove", call)
    let (type, isDryRun) = (acts.type, call.isDryRun)
    if !isDryRun, !removed.isEmpty {
      try call.checkLosses(with: target.id, "PATCH \(type.endpoint)/{id}") { tx throws(SCIMError) in
        _ = try edit(&tx, type, target.id, .remove(removed))
      }
    }
    let context = call.context("PATCH \(type.endpoint)/{id}")
    let body = { (tx: inout Transaction) throws(SCIMError) -> MembershipReport in
      let before = try tx.resource(type, target.id)
      try EntityTag.check(call.ifMatch, before.version)
      let between = try edit(&tx, type, target.id, .add(added))
      let members = try edit(&tx, type, target.id, .remove(removed))
      func report(named name: String?) -> MembershipReport {
        MembershipReport(
          id: target.id, name: name, added: between - before.memberCount, removed: between - members,
          members: members, isDryRun: isDryRun)
      }
      tx.keptAnswer = report(named: nil).json
      return report(named: target.name)
    }
    // A dry run works on a copy of the state.
    let result =
      isDryRun
      ? call.directory.drafting(context) { tx throws(SCIMError) in (try body(&tx), .dropped) }.map {
        $0.map(\.value)
      }.whenDurable()
      : call.directory.editNow(context, body) { report, _ in report }.whenDurable()
    do throws(SCIMError) { return AdminAnswer(try result.get().json) } catch { throw AdminProblem(error) }
  }

  /// The ids of the users and groups that the list names; throws for a name that matches none or several.
  private static func ids(
    _ names: [String], _ member: String, _ call: AdminCall
  ) throws(AdminProblem) -> [String] {
    var ids: [String] = []
    for (index, found) in call.directory.members(named: names).whenDurable().enumerated() {
      let (name, pointer) = (names[index], "/\(member)/\(index)")
      guard let only = try NamedResource.only(found, named: name, at: pointer) else {
        throw AdminProblem(
          .invalidValue, "No user or group has the id or name \"\(name.prefix(160))\".", at: pointer)
      }
      ids.append(only.id)
    }
    return ids
  }

  /// Edits the members; returns how many the group has then.
  private static func edit(
    _ tx: inout Transaction, _ type: ResourceType, _ id: String, _ edit: MembershipEdit
  ) throws(SCIMError) -> Int {
    try tx.step { tx throws(SCIMError) in
      let group = try tx.resource(type, id)
      try tx.update(group, group.document, [edit], skipsUnknown: false)
    }
    return try tx.resource(type, id).memberCount
  }
}
