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
        $0.body = .json(.named("MembershipChange"))
        $0.takesIfMatch = true
        $0.takesDryRun = true
      },
    ]
  }

  private static func acts(_ call: AdminCall) throws(AdminProblem) -> ResourceActs {
    guard let type = call.directory.catalog.types.first(where: \.hasMembers) else {
      throw AdminProblem(.unknownType, "This server has no groups.")
    }
    return ResourceActs(call: call, type: type)
  }

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

  private static func change(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let acts = try acts(call)
    let change = try MembershipChange(try call.object())
    let target = try acts.target()
    let isDryRun = call.isDryRun
    let type = acts.type
    let result = call.directory.importing(call.context("PATCH \(type.endpoint)/{id}")) {
      tx throws(SCIMError) in
      let old = try tx.resource(type, target.id)
      try EntityTag.check(call.ifMatch, old.version)
      var added: [String] = []
      var removed: [String] = []
      for name in change.add { added.append(try tx.member(named: name).text) }
      for name in change.remove { removed.append(try tx.member(named: name).text) }
      let counts = try tx.step { tx throws(SCIMError) in
        try tx.update(old, old.document, [.add(added)], skipsUnknown: false)
        return old.memberCount
      }
      let afterAdding = try tx.resource(type, target.id).memberCount
      try tx.step { tx throws(SCIMError) in
        let group = try tx.resource(type, target.id)
        try tx.update(group, group.document, [.remove(removed)], skipsUnknown: false)
      }
      let members = try tx.resource(type, target.id).memberCount
      let report = MembershipReport(
        id: target.id, name: target.name, added: afterAdding - counts, removed: afterAdding - members,
        members: members, isDryRun: isDryRun)
      return (report, !isDryRun)
    }.whenDurable()
    do throws(SCIMError) { return AdminAnswer(try result.get().json) } catch { throw AdminProblem(error) }
  }
}
