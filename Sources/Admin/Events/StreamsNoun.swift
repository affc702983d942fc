import Feed
import HTTP
import JSON
import Storage
import TLS

/// Streams of signed event tokens (RFC 9967). The only place of the admin API that changes streams.
enum StreamsNoun {
  private static let root = AdminRoute.directory + "/streams"
  private static let one = root + "/{id}"
  private static let acts = EventTargetActs(kind: .stream, unknown: .unknownStream)

  static func pollPath(_ id: String) -> String { "\(AdminRoute.application)/streams/\(id)/poll" }

  static var routes: [AdminRoute] {
    [
      list, create, show, update, delete,
      set(.paused, "pause", "Give out nothing until the stream is resumed"),
      set(.active, "resume", "Give out tokens again, also after it was disabled; nothing is left out"),
      rotate,
      acts.attempts(one),
    ]
  }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "stream", "list", .read, "List the streams of event tokens of a directory",
      answers: .json(.page(.named("Stream")))
    ) { call throws(AdminProblem) in
      try AdminAnswer(page: call, of: acts.all(call)) { StreamReport($0, call.world, call.directory)?.json }
    }.with { $0.parameters = AdminParameter.page }
  }

  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "stream", "create", .write,
      "Send events as signed tokens to a URL, or let a receiver fetch them",
      answers: .json(.named("Stream"), status: 201)
    ) { call throws(AdminProblem) in
      let change = try StreamChange(try call.object())
      guard let name = change.name else {
        throw AdminProblem(.invalidMember, "name is required.", at: "/name")
      }
      guard let audience = change.audience else {
        throw AdminProblem(
          .invalidMember, "audience is required: receivers refuse tokens that are not for them.",
          at: "/audience")
      }
      var stream = TokenStream(name: name, audience: audience, start: call.directory.lastOnDisk)
      stream.url = change.url
      try change.apply(to: &stream)
      try checkSigning(call)
      return try answer(
        try acts.create(stream.document, call, atMost: TokenStream.maxStreams), call, .created)
    }.with {
      $0.body = .json(.named("StreamBody"))
      $0.replay = again
    }
  }

  private static var show: AdminRoute {
    AdminRoute(
      .get, one, "stream", "show", .read, "Show a stream and how far it is", answers: .json(.named("Stream"))
    ) { call throws(AdminProblem) in try answer(call["id"], call) }
  }

  private static var update: AdminRoute {
    AdminRoute(
      .patch, one, "stream", "update", .write, "Change the audience, the events or the limits of a stream",
      answers: .json(.named("Stream"))
    ) { call throws(AdminProblem) in
      let change = try StreamChange(try call.object())
      return try edit(call, "PATCH /streams/{id}") { stream throws(AdminProblem) in
        try change.apply(to: &stream)
      }
    }.with {
      $0.body = .json(.named("StreamBody"))
      $0.takesIfMatch = true
      $0.replay = again
    }
  }

  private static func set(_ state: TokenStream.State, _ verb: String, _ summary: String) -> AdminRoute {
    AdminRoute(.post, one + "/" + verb, "stream", verb, .write, summary, answers: .json(.named("Stream"))) {
      call throws(AdminProblem) in
      let (id, stream) = try stream(call)
      if state == .active { try checkSigning(call) }
      let lost = state == .active ? try acts.positionIfLost(id, start: stream.start, call) : nil
      return try edit(call, "\(verb.uppercased()) /streams/{id}", moving: lost) { stream in
        stream.state = state
        stream.reason = nil
      }
    }.with {
      $0.takesIfMatch = true
      $0.replay = again
    }
  }

  private static var rotate: AdminRoute {
    AdminRoute(
      .post, one + "/rotate-key", "stream", "rotateKey", .write,
      "Sign with a new key; for \(EventTargetActs.overlapHours) hours the old one is published too",
      answers: .json(.named("Stream"))
    ) { call throws(AdminProblem) in
      try edit(call, "ROTATE /streams/{id}") { stream in
        stream.generation += 1
        stream.overlapEnds = EventTargetActs.overlapEnd(call)
      }
    }.with {
      $0.takesIfMatch = true
      $0.replay = again
    }
  }

  private static var delete: AdminRoute {
    AdminRoute(
      .delete, one, "stream", "delete", .write, "Delete a stream, its key and its place in the log",
      answers: .json(.object([.init("id", .text), .init("name", .text)]))
    ) { call throws(AdminProblem) in try acts.delete(call) }.with { $0.takesIfMatch = true }
  }

  // MARK: Polling

  static var ofApplications: [AdminRoute] {
    [
      AdminRoute(
        .post, pollPath("{id}"), "api", "pollStream", .eventsRead,
        "Acknowledge event tokens and fetch the next, or wait for them (RFC 8936)",
        answers: .json(.object([.init("sets", .open([])), .init("moreAvailable", .boolean, optional: true)]))
      ) { call throws(AdminProblem) in try poll(call) }.with {
        $0.body = .json(.named("StreamPoll"))
        $0.isOfCaller = true
      }
    ]
  }

  private static func poll(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    let request = try StreamPollRequest(try call.object())
    let (id, stream) = try stream(call)
    guard stream.delivery == .poll else {
      throw AdminProblem(.conflict, "The tokens of this stream are pushed to its URL.", fix: "Do not poll.")
    }
    guard stream.state == .active else {
      throw AdminProblem(
        .paused, "The stream is \(stream.state.rawValue).",
        fix: "Try again after it has been resumed: `scimd stream resume`.")
    }
    try checkSigning(call)
    request.report(stream.name, id, call)
    let feed = call.world.feed.of(call.directory)
    let reader = StreamReader(stream, id, feed, call.world.webhooks.streams)
    let last: UInt64
    do throws(StreamReader.Failure) {
      let batch = try reader.read(acknowledging: request.handled, limit: request.limit)
      guard batch.events.isEmpty, !batch.hasMore, request.waits else {
        return AdminAnswer(json(try reader.sets(batch.events), hasMore: batch.hasMore))
      }
      last = batch.last
    } catch {
      throw AdminProblem(error)
    }
    let cursor = try EventsNoun.reading({ feed throws(FeedError) in try feed.position(behind: last) }, call)
    let poll = EventPoll(
      call.world.feed, call.directory, after: cursor, types: reader.types, limit: request.limit,
      seconds: Double(EventsNoun.maxWait)
    ) { page in
      // What cannot be signed now is given out by the next request.
      json((try? reader.sets(page.events)) ?? [:], hasMore: !page.isAtEnd)
    }
    call.world.followers.add(poll)
    poll.begin()
    return AdminAnswer(.stream(poll), "application/json")
  }

  private static func json(_ sets: JSONValue, hasMore: Bool) -> JSONValue {
    var object: JSONObject = ["sets": sets]
    if hasMore { object["moreAvailable"] = true }
    return .object(object)
  }

  // MARK: Parts

  /// Throws if tokens cannot be signed; a command without a server has not opened the master key yet.
  static func checkSigning(_ call: AdminCall) throws(AdminProblem) {
    try acts.openKey(call)
    do throws(TLSError) { _ = try OpenSSL.load() } catch { throw AdminProblem(error) }
  }

  private static func stream(_ call: AdminCall) throws(AdminProblem) -> (id: String, TokenStream) {
    let found = try acts.find(call)
    guard let stream = TokenStream(found.document) else { throw damaged(found) }
    return (found.id.text, stream)
  }

  private static func damaged(_ found: AdministrativeResource) -> AdminProblem {
    AdminProblem(.dataDamaged, "The stream \(found.id.text) has no name.")
  }

  private static func edit(
    _ call: AdminCall, _ operation: String, moving position: UInt64? = nil,
    _ change: (inout TokenStream) throws(AdminProblem) -> Void
  ) throws(AdminProblem) -> AdminAnswer {
    var (id, stream) = try stream(call)
    try change(&stream)
    try acts.replace(id, stream.document, call, operation, moving: position)
    return try answer(id, call)
  }

  private static func answer(
    _ name: String, _ call: AdminCall, _ status: HTTPStatus = .ok
  ) throws(AdminProblem) -> AdminAnswer {
    let found = try acts.find(call.at(name))
    guard let report = StreamReport(found, call.world, call.directory) else { throw damaged(found) }
    return AdminAnswer(report.json, status).with(etag: found.version)
  }

  private static let again: AdminRoute.Replay = { call, id throws(AdminProblem) in try answer(id, call) }
}

extension AdminProblem {
  /// Event tokens cannot be signed.
  init(_ error: TLSError) { self.init(.signingFails, "Event tokens cannot be signed: \(error).") }

  init(_ failure: StreamReader.Failure) {
    switch failure {
    case .feed(let error):
      self.init(error)
      if case .gone = error {
        fix = "Take a snapshot (GET /api/v1/snapshot); `scimd stream resume` goes on with the oldest event."
      }
    case .signing(let error): self.init(error)
    case .refused(let error): self.init(error)
    }
  }
}
