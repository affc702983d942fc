import Feed
import JSON
import Platform

/// What a receiver that polls sends (RFC 8936 §2.4). Members that are not known are ignored, as the RFCs of tokens want.
struct StreamPollRequest {
  /// Acknowledgements and errors of one request.
  private static let maxHandled = 1000

  /// Tokens that the receiver does not accept, and why.
  private let errors: [(jti: String, text: String)]
  private let acknowledged: [String]
  /// Tokens in the answer.
  let limit: Int
  /// Whether it waits for the next token if all were given out.
  let waits: Bool

  /// The tokens that are done: they are not given out again.
  var handled: [String] { acknowledged + errors.map(\.jti) }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    let wanted = try reader.optionalInteger("maxEvents") ?? StreamReader.maxTokens
    guard wanted >= 0 else {
      throw AdminProblem(.invalidMember, "maxEvents must not be negative.", at: "/maxEvents")
    }
    limit = min(wanted, StreamReader.maxTokens)
    waits = try !(reader.optionalBoolean("returnImmediately") ?? false) && limit > 0
    acknowledged = try reader.texts("ack")
    errors = (try reader.optionalObject("setErrs")?.object.members ?? []).map { member in
      let text = [member.value["err"], member.value["description"]].compactMap { $0?.stringValue }
      return (member.name, text.joined(separator: ": "))
    }
    guard handled.count <= Self.maxHandled else {
      throw AdminProblem(.tooMany, "One request handles at most \(Self.maxHandled) tokens.", at: "/ack")
    }
  }

  /// Keeps what the receiver reported among the attempts of the stream.
  func report(_ stream: String, _ id: String, _ call: AdminCall) {
    for (jti, text) in errors {
      var attempt = WebhookAttempt(
        webhook: stream, event: String(jti.prefix(64)), type: "setErrs", time: call.world.environment.now())
      attempt.error = "the receiver refused the token: \(text.prefix(1024))"
      call.world.webhooks.attempts.add(attempt, id)
    }
  }

  static let schema = AdminSchema.open([
    .init("maxEvents", .integer, optional: true), .init("returnImmediately", .boolean, optional: true),
    .init("ack", .list(.text), optional: true), .init("setErrs", .open([]), optional: true),
  ])
}
