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
  private static let overlapHours: Int64 = 24

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
      let all = call.directory.administrative(all: type(call)).whenDurable()
      return try AdminAnswer(page: call, of: all) { WebhookReport($0, call.world, call.directory)?.json }
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
      try openKey(call)
      let type = type(call)
      guard call.directory.administrativeResources(type).count < Webhook.maxWebhooks else {
        throw AdminProblem(.conflict, "A directory has at most \(Webhook.maxWebhooks) webhooks.")
      }
      let id = try write(call, "CREATE /webhooks") { tx throws(SCIMError) in
        try tx.create(type, webhook.document.ordered(for: type), members: [], skipsUnknown: false)
      }
      return try answer(id?.text ?? "", call, .created, showsSecret: true)
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
      let lost = state == .active ? try positionIfLost(call) : nil
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
      "Give a webhook a new secret, shown only once; for \(overlapHours) hours calls are signed with the old one too",
      answers: .json(.named("Webhook"))
    ) { call throws(AdminProblem) in
      try openKey(call)
      let now = call.world.environment.now()
      return try edit(call, "ROTATE /webhooks/{id}", showsSecret: true) { webhook in
        webhook.generation += 1
        webhook.overlapEnds = DateTime(milliseconds: now + overlapHours * 3_600_000)
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
    ) { call throws(AdminProblem) in
      let found = try find(call)
      let prefix = WebhookNotes.prefix(found.id.text)
      let type = type(call)
      try write(call, "DELETE /webhooks/{id}") { tx throws(SCIMError) in
        let old = try tx.resource(type, found.id.text)
        try EntityTag.check(call.ifMatch, old.version)
        try tx.delete(old)
        for key in tx.noteKeys(withPrefix: prefix) { tx.note(key, nil) }
        return nil
      }
      call.world.webhooks.attempts.forget(found.id.text)
      return AdminAnswer([
        "id": .string(found.id.text), "name": found.document.attributes["name"] ?? "",
      ])
    }.with { $0.takesIfMatch = true }
  }

  // MARK: Calls

  private static var test: AdminRoute {
    AdminRoute(
      .post, one + "/test", "webhook", "test", .write, "Send a test call now, and show what came of it",
      answers: .json(.named("WebhookAttempt"))
    ) { call throws(AdminProblem) in
      let (id, webhook) = try webhook(call)
      try openKey(call)
      return AdminAnswer(call.world.webhooks.sender.test(webhook, id).json)
    }.with { $0.isLong = true }
  }

  private static var attempts: AdminRoute {
    AdminRoute(
      .get, one + "/attempts", "webhook", "attempts", .read,
      "List the last calls since the server started, newest first",
      answers: .json(.page(.named("WebhookAttempt")))
    ) { call throws(AdminProblem) in
      let id = try find(call).id.text
      return try AdminAnswer(page: call, of: call.world.webhooks.attempts.last(of: id)) { $0.json }
    }.with { $0.parameters = AdminParameter.page }
  }

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
      try openKey(call)
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
      let notes = WebhookNotes(call.directory, id)
      // The place of before the pause is written down by then.
      call.world.webhooks.settle()
      try write(call, "REPLAY /webhooks/{id}") { tx throws(SCIMError) in
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

  private static func type(_ call: AdminCall) -> ResourceType { call.type("Webhook") }

  static func find(_ call: AdminCall) throws(AdminProblem) -> AdministrativeResource {
    let text = call["id"]
    guard let found = call.directory.administrative(type(call), called: text, by: "name").whenDurable() else {
      throw AdminProblem(
        .unknownWebhook, "No webhook \"\(text.prefix(160))\" exists in \(call.directory.name).")
    }
    return found
  }

  private static func webhook(_ call: AdminCall) throws(AdminProblem) -> (id: String, Webhook) {
    let found = try find(call)
    guard let webhook = Webhook(found.document) else {
      throw AdminProblem(.dataDamaged, "The webhook \(found.id.text) has no URL.")
    }
    return (found.id.text, webhook)
  }

  /// The master key, of which secrets are made; a command without a server has not opened it yet.
  private static func openKey(_ call: AdminCall) throws(AdminProblem) {
    do throws(MasterKeyError) { try call.world.masterKeys.open() } catch { throw AdminProblem(error) }
  }

  /// Before the oldest record that is kept, if the webhook's place is older.
  private static func positionIfLost(_ call: AdminCall) throws(AdminProblem) -> UInt64? {
    let (id, webhook) = try webhook(call)
    let oldest: UInt64
    do throws(LogError) { oldest = try call.directory.oldestRecord() } catch { throw AdminProblem(error) }
    let position = WebhookNotes(call.directory, id).progress(start: webhook.start).position
    return position + 1 < oldest ? oldest - 1 : nil
  }

  private static func edit(
    _ call: AdminCall, _ operation: String, showsSecret: Bool = false, moving position: UInt64? = nil,
    _ change: (inout Webhook) throws(AdminProblem) -> Void
  ) throws(AdminProblem) -> AdminAnswer {
    var (id, webhook) = try webhook(call)
    try change(&webhook)
    let type = type(call)
    try write(call, operation) { tx throws(SCIMError) in
      let old = try tx.resource(type, id)
      try EntityTag.check(call.ifMatch, old.version)
      try tx.update(old, webhook.document.ordered(for: type), [], skipsUnknown: false)
      if let position { WebhookNotes(call.directory, id).move(to: position, &tx) }
      return old.id
    }
    return try answer(id, call, showsSecret: showsSecret)
  }

  @discardableResult private static func write(
    _ call: AdminCall, _ operation: String, _ body: (inout Transaction) throws(SCIMError) -> ResourceID?
  ) throws(AdminProblem) -> ResourceID? {
    switch call.directory.write(call.context(operation), body).whenDurable() {
    case .success(let resource): return resource?.id
    case .failure(let error): throw AdminProblem(error)
    }
  }

  private static func answer(
    _ name: String, _ call: AdminCall, _ status: HTTPStatus = .ok, showsSecret: Bool = false
  ) throws(AdminProblem) -> AdminAnswer {
    let found = try find(call.at(name))
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
