import Client
import Credentials
import Feed
import HTTP
import JSON
import Platform
import SCIM
import Storage

/// Where the events of a directory are sent. The only place of the admin API that changes webhooks.
enum WebhooksNoun {
  private static let root = AdminRoute.directory + "/webhooks"
  private static let one = root + "/{id}"
  private static let acts = EventTargetActs(kind: .webhook, unknown: .unknownWebhook)

  static var routes: [AdminRoute] {
    [
      list, create, show, update, delete, set(.paused, "pause", "Send nothing until it is resumed"),
      set(.active, "resume", "Send again, also after it was disabled; nothing is left out"), rotate, test,
      attempts,
      resend, replay,
    ]
  }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "webhook", "list", .read, "List the webhooks of a directory",
      answers: .json(.page(.named("Webhook")))
    ) { call throws(AdminProblem) in
      try AdminAnswer(page: call, of: acts.all(call)) { WebhookReport($0, call.world, call.directory)?.json }
    }.with { $0.parameters = AdminParameter.page }
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "webhook", "create", .write,
      "Send events to a URL; the secret that signs them is shown only once",
      answers: .json(.named("Webhook"), status: 201)
    ) { call throws(AdminProblem) in
      let change = try WebhookChange(try call.object(), isNew: true)
      guard let name = change.name, let url = change.url else {
        throw AdminProblem(.invalidMember, "name and url are required.", at: "/name")
      }
      var webhook = Webhook(name: name, url: url, start: call.directory.lastOnDisk)
      try change.apply(to: &webhook, call)
      try acts.openKey(call)
      let id = try acts.create(webhook.document, call, atMost: Webhook.maxWebhooks)
      return try answer(id, call, .created, showsSecret: true)
    }.with {
      $0.body = .json(.named("WebhookBody"))
      $0.replay = KeysNoun.secretShownOnce
    }
  }

  private static var show: AdminRoute {
    AdminRoute(
      .get, one, "webhook", "show", .read, "Show a webhook and how far it is",
      answers: .json(.named("Webhook"))
    ) { call throws(AdminProblem) in try answer(call["id"], call) }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, one, "webhook", "update", .write, "Change the URL, the types or the limits of a webhook",
      answers: .json(.named("Webhook"))
    ) { call throws(AdminProblem) in
      let change = try WebhookChange(try call.object(), isNew: false)
      return try edit(call, "PATCH /webhooks/{id}") { webhook throws(AdminProblem) in
        try change.apply(to: &webhook, call)
      }
    }.with {
      $0.body = .json(.named("WebhookBody"))
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  private static func set(_ state: Webhook.State, _ verb: String, _ summary: String) -> AdminRoute {
    AdminRoute(.post, one + "/" + verb, "webhook", verb, .write, summary, answers: .json(.named("Webhook"))) {
      call throws(AdminProblem) in
      // What is not kept any more is not waited for again.
      let (id, webhook) = try webhook(call)
      let lost = state == .active ? try acts.positionIfLost(id, start: webhook.start, call) : nil
      return try edit(call, "\(verb.uppercased()) /webhooks/{id}", moving: lost) { webhook in
        webhook.state = state
        webhook.reason = nil
      }
    }.with {
      $0.takesIfMatch = true
      $0.replay = { call, id throws(AdminProblem) in try answer(id, call) }
    }
  }

  private static var rotate: AdminRoute {
    AdminRoute(
      .post, one + "/rotate-secret", "webhook", "rotateSecret", .write,
      "Give a webhook a new secret, shown only once; for \(EventTargetActs.overlapHours) hours calls are signed with the old one too",
      answers: .json(.named("Webhook"))
    ) { call throws(AdminProblem) in
      try acts.openKey(call)
      return try edit(call, "ROTATE /webhooks/{id}", showsSecret: true) { webhook in
        webhook.generation += 1
        webhook.overlapEnds = EventTargetActs.overlapEnd(call)
      }
    }.with {
      $0.takesIfMatch = true
      $0.replay = KeysNoun.secretShownOnce
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "webhook", "delete", .write, "Delete a webhook and its place in the log",
      answers: .json(.object([.init("id", .text), .init("name", .text)]))
    ) { call throws(AdminProblem) in try acts.delete(call)
    }.with { $0.takesIfMatch = true }
  }

  // MARK: Calls

  private static var test: AdminRoute {
    AdminRoute(
      .post, one + "/test", "webhook", "test", .write, "Send a test call now, and show what came of it",
      answers: .json(.named("WebhookAttempt"))
    ) { call throws(AdminProblem) in
      let (id, webhook) = try webhook(call)
      try acts.openKey(call)
      return AdminAnswer(call.world.webhooks.sender.test(webhook, id).json)
    }.with { $0.isLong = true }
  }

  private static var attempts: AdminRoute { acts.attempts(one) }

  private static var resend: AdminRoute {
    AdminRoute(
      .post, one + "/resend", "webhook", "resend", .write,
      "Send an event once more now, and show what came of it",
      answers: .json(.named("WebhookAttempt"))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["event"], of: "a repetition")
      let (id, webhook) = try webhook(call)
      let text = try reader.text("event")
      guard let name = EventID(text),
        let event = try EventsNoun.reading({ feed throws(FeedError) in try feed.event(name) }, call)
      else { throw AdminProblem(.unknownEvent, "No event \"\(text.prefix(64))\" is kept.", at: "/event") }
      try acts.openKey(call)
      return AdminAnswer(call.world.webhooks.resend(event, webhook, id).json)
    }.with {
      $0.body = .json(.object([.init("event", .text)]))
      $0.isLong = true
    }
  }

  private static var replay: AdminRoute {
    AdminRoute(
      .post, one + "/replay", "webhook", "replay", .write, "Send everything since a time once more",
      answers: .json(.named("Webhook"))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["since"], of: "a replay")
      let (id, webhook) = try webhook(call)
      let since = try reader.time("since")
      let position = try EventsNoun.reading(
        { feed throws(FeedError) in try feed.record(before: since.milliseconds) }, call)
      guard webhook.state != .active else {
        throw AdminProblem(
          .conflict, "The webhook is active.",
          fix: "Pause it first, so that nothing is sent meanwhile: `scimd webhook pause`.")
      }
      let notes = WebhookNotes(call.directory, .webhook, id)
      // The place of before the pause is written down by then.
      call.world.webhooks.settle()
      try acts.write(call, "REPLAY /webhooks/{id}") { tx throws(SCIMError) in
        notes.move(to: position, &tx)
        return nil
      }
      return try answer(id, call)
    }.with {
      $0.body = .json(.object([.init("since", .time)]))
      $0.isLong = true
    }
  }

  // MARK: Parts

  private static func webhook(_ call: AdminCall) throws(AdminProblem) -> (id: String, Webhook) {
    let found = try acts.find(call)
    guard let webhook = Webhook(found.document) else {
      throw AdminProblem(.dataDamaged, "The webhook \(found.id.text) has no URL.")
    }
    return (found.id.text, webhook)
  }

  private static func edit(
    _ call: AdminCall, _ operation: String, showsSecret: Bool = false, moving position: UInt64? = nil,
    _ change: (inout Webhook) throws(AdminProblem) -> Void
  ) throws(AdminProblem) -> AdminAnswer {
    var (id, webhook) = try webhook(call)
    try change(&webhook)
    try acts.replace(id, webhook.document, call, operation, moving: position)
    return try answer(id, call, showsSecret: showsSecret)
  }

  private static func answer(
    _ name: String, _ call: AdminCall, _ status: HTTPStatus = .ok, showsSecret: Bool = false
  ) throws(AdminProblem) -> AdminAnswer {
    let found = try acts.find(call.at(name))
    guard var report = WebhookReport(found, call.world, call.directory) else {
      throw AdminProblem(.dataDamaged, "The webhook \(found.id.text) has no URL.")
    }
    if showsSecret {
      report.secret =
        WebhookSecret(call.world.masterKeys, found.id.text, generation: report.webhook.generation).text
    }
    return AdminAnswer(report.json, status).with(etag: found.version)
  }
}
