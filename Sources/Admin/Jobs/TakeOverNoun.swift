import Access
import Credentials
import HTTP
import JSON
import SCIM
import Storage

/// Taking over what another connection manages: an administrator's act, because no connection may do so itself.
enum TakeOverNoun {
  static var routes: [AdminRoute] { [takeOver] }

  private static var takeOver: AdminRoute {
    AdminRoute(
      .post, AdminRoute.directory + "/connections/{id}/take-over", "connection", "take-over", .write,
      "Let a connection manage what another one manages: some users, or everything, which pauses the other one",
      answers: .json(.named("TakeOverReport"))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["from", "users"], of: "a take-over")
      let users = reader.optionalJSON("users") == nil ? nil : try reader.texts("users")
      guard (users?.count ?? 1) <= TakeOver.maxWhole, users?.isEmpty != true else {
        throw AdminProblem(
          .invalidMember, "A request names 1 to \(TakeOver.maxWhole) users.", at: "/users",
          fix: "Leave users out to take over everything.")
      }
      let found = try ConnectionsNoun.find(call["id"], call)
      guard let new = ConnectionDescription(found.document), new.state != .removing else {
        throw AdminProblem(SCIMError(.conflict, "The connection is being removed."))
      }
      let takeOver = try TakeOver(from: try reader.text("from"), users: users, call)
      return try carryOut(takeOver, to: found.id, new, call)
    }.with {
      $0.body = .json(.named("TakeOver"))
      $0.parameters = [.force]
      $0.takesDryRun = true
      $0.isLong = true
      $0.replay = { call, _ throws(AdminProblem) in try replayed(call) }
    }
  }

  private static func carryOut(
    _ takeOver: TakeOver, to id: ResourceID, _ new: ConnectionDescription, _ call: AdminCall
  ) throws(AdminProblem) -> AdminAnswer {
    var report = takeOver.report(to: new.name, isDryRun: call.isDryRun)
    let losses = takeOver.losses(toHeldBack: new.isHeldBack, call)
    report.losses = losses.map(\.sentence)
    if call.isDryRun { return AdminAnswer(report.json) }
    if !call.isForced { try AdminCall.refuse(losses) }
    let context = call.context("TAKE OVER /connections/{id}")
    var job: ResourceID?
    let written = call.directory.writeTogether(context) { tx throws(SCIMError) in
      job = try takeOver.begin(to: id, named: new.name, context.actor.command, &tx)
      var kept: JSONObject = ["report": report.json]
      if let job { kept["job"] = .string(job.text) }
      tx.keptAnswer = .object(kept)
    }
    do throws(SCIMError) { try written.whenDurable().get() } catch { throw AdminProblem(error) }
    call.world.jobs.wake()
    return answer(report, job?.text, call)
  }

  private static func answer(_ report: TakeOverReport, _ job: String?, _ call: AdminCall) -> AdminAnswer {
    var report = report
    report.job = job.flatMap { JobRunner.job($0, in: call.directory) }
    return AdminAnswer(report.json)
  }

  private static func replayed(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    guard let report = call.keptAnswer?["report"] else {
      throw AdminProblem(.internalError, "The answer to the first request was not kept.")
    }
    return answer(
      try TakeOverReport(try ObjectReader(report)), call.keptAnswer?["job"]?.stringValue, call)
  }
}
