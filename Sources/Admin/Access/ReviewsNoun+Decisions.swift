import Access
import HTTP
import JSON
import Platform
import SCIM
import Storage

// Deciding about the grants of a review, and closing it.
extension ReviewsNoun {
  private static let maxDecisions = 500

  static var decide: AdminRoute {
    AdminRoute(
      .post, one + "/decisions", "review", "decide", .write,
      "Approve grants of a review, or revoke them, which removes them; all or none",
      answers: .json(.named("Review"))
    ) { call throws(AdminProblem) in
      let (resource, campaign) = try find(call["id"], call)
      let decisions = try decisions(resource.id, Set(campaign.grants), call)
      let revoked = decisions.filter { $0.verdict == .revoke }.map(\.grant)
      if !call.isForced {
        try AdminCall.refuse(call.access.examine { $0.losses(removing: revoked) }.whenDurable())
      }
      try call.write("DECIDE /reviews/{id}") { change, tx throws(AccessFailure) in
        try rights { () throws(SCIMError) in
          let old = try tx.resource(call.type("Review"), resource.id.text)
          guard AccessCampaign(old.document)?.state == .open else {
            throw SCIMError(.conflict, "The review is closed.")
          }
          for decision in decisions { try record(decision, &change, &tx, call) }
        }
      }
      return try answer(resource.id.text, call)
    }.with {
      $0.parameters = [.force]
      $0.body = .json(.named("ReviewDecisions"))
      $0.replay = { call, _ throws(AdminProblem) in try answer(call["id"], call) }
    }
  }

  private static func decisions(
    _ review: ResourceID, _ grants: Set<ResourceID>, _ call: AdminCall
  ) throws(AdminProblem) -> [AccessDecision] {
    let reader = try call.object()
    try reader.allow(["decisions"], of: "decisions")
    let now = DateTime(milliseconds: call.world.environment.now())
    let found = try reader.objects("decisions") { (reader) throws(AdminProblem) in
      try reader.allow(["grant", "decision", "comment"], of: "a decision")
      let verdict = try reader.optionalChoice("decision", AccessDecision.Verdict.self)
      guard let verdict else { throw AdminProblem(.invalidMember, "decision is required.", at: "/decision") }
      let text = try reader.text("grant")
      guard let grant = ResourceID(text), grants.contains(grant) else {
        throw AdminProblem(
          .unknownGrant, "The grant \"\(text.prefix(64))\" is not in the review.", at: "/grant")
      }
      var decision = AccessDecision(review: review, grant: grant, verdict: verdict)
      decision.comment = try reader.optionalText("comment")
      decision.reviewer = call.giver
      decision.decided = now
      do throws(AccessError) { try decision.check() } catch { throw AdminProblem(error) }
      return decision
    }
    guard (1...maxDecisions).contains(found.count) else {
      throw AdminProblem(
        .tooMany, "There must be 1 to \(maxDecisions) decisions in one request.", at: "/decisions")
    }
    return found
  }

  private static func record(
    _ decision: AccessDecision, _ change: inout AccessChange, _ tx: inout Transaction, _ call: AdminCall
  ) throws(SCIMError) {
    let type = call.type("Decision")
    let document = decision.document.ordered(for: type)
    if let id = tx.find(type, "key", AccessDecision.key(decision.review, decision.grant)).first {
      let old = try tx.resource(type, id.text)
      guard let before = AccessDecision(old.document), before.verdict != decision.verdict else { return }
      guard before.verdict == .approve else {
        throw SCIMError(
          .conflict,
          "The grant \(decision.grant.text) was revoked in this review, and is gone. Grant it again if needed."
        )
      }
      try tx.step { tx throws(SCIMError) in try tx.update(old, document, [], skipsUnknown: false) }
    } else {
      _ = try tx.step { tx throws(SCIMError) in
        try tx.create(type, document, members: [], skipsUnknown: false)
      }
    }
    if decision.verdict == .revoke { try change.perform(.removeGrant(decision.grant), &tx) }
  }

  static var close: AdminRoute {
    AdminRoute(
      .post, one + "/close", "review", "close", .write,
      "Close a review; with force=true although grants are undecided",
      answers: .json(.named("Review"))
    ) { call throws(AdminProblem) in
      let (resource, campaign) = try find(call["id"], call)
      let open = ReviewItem.all(campaign.grants, of: resource.id, call).count(where: \.isOpen)
      guard open == 0 || call.isForced else {
        throw AdminProblem(
          .needsForce, "\(open) of the \(campaign.grants.count) grants are undecided.",
          fix: "Decide about them, or close the review with force=true (--force): they stay.")
      }
      let type = call.type("Review")
      let now = DateTime(milliseconds: call.world.environment.now())
      try call.write("CLOSE /reviews/{id}") { _, tx throws(AccessFailure) in
        try rights { () throws(SCIMError) in
          let old = try tx.resource(type, resource.id.text)
          try EntityTag.check(call.ifMatch, old.version)
          guard var closed = AccessCampaign(old.document), closed.state == .open else {
            throw SCIMError(.conflict, "The review is closed already.")
          }
          closed.state = .closed
          closed.closed = now
          closed.closedBy = call.giver
          try tx.update(old, closed.document.ordered(for: type), [], skipsUnknown: false)
        }
      }
      return try answer(resource.id.text, call)
    }.with {
      $0.parameters = [.force]
      $0.takesIfMatch = true
      $0.replay = { call, _ throws(AdminProblem) in try answer(call["id"], call) }
    }
  }
}
