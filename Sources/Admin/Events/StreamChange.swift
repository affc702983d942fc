import Feed
import JSON
import TLS

/// What a request sets of a stream.
struct StreamChange {
  private static let maxAudienceBytes = 1024

  private(set) var name: String?
  private(set) var audience: [String]?
  private(set) var url: String?
  private var events: [SecurityEvent]?
  private var algorithm: SignatureAlgorithm?
  private var timeout: Int?
  private var inFlight: Int?

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(
      ["name", "audience", "url", "events", "algorithm", "timeout", "inFlight"], of: "a stream")
    name = try WebhookChange.name(reader)
    url = try WebhookChange.url(reader)
    if reader.has("audience") { audience = try Self.audience(reader) }
    if reader.has("events") { events = try Self.events(reader) }
    if let text = try reader.optionalText("algorithm") {
      guard let found = TokenStream.algorithms.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
        let names = TokenStream.algorithms.map(\.rawValue).joined(separator: " or ")
        throw AdminProblem(.invalidMember, "algorithm must be \(names).", at: "/algorithm")
      }
      algorithm = found
    }
    timeout = try WebhookChange.number(reader, "timeout", 1...Webhook.maxTimeout)
    inFlight = try WebhookChange.number(reader, "inFlight", 1...Webhook.maxInFlight)
  }

  private static func audience(_ reader: ObjectReader) throws(AdminProblem) -> [String] {
    let all = try reader.list("audience") { (json, pointer) throws(AdminProblem) in
      guard let text = json.stringValue, (1...maxAudienceBytes).contains(text.utf8.count) else {
        throw AdminProblem(
          .invalidMember, "An audience must be a text of 1 to \(maxAudienceBytes) bytes.", at: pointer)
      }
      return text
    }
    guard (1...TokenStream.maxAudiences).contains(all.count) else {
      throw AdminProblem(
        .invalidMember, "audience must have 1 to \(TokenStream.maxAudiences) entries.", at: "/audience")
    }
    return all
  }

  /// Each event once, with values or without.
  private static func events(_ reader: ObjectReader) throws(AdminProblem) -> [SecurityEvent] {
    let found = try reader.list("events") { (json, pointer) throws(AdminProblem) in
      guard let event = json.stringValue.flatMap({ SecurityEvent($0) }) else {
        throw AdminProblem(
          .invalidMember, "events must be a list of the SCIM event URIs that scimd makes.", at: pointer,
          fix: "`scimd help event-tokens` lists them.")
      }
      return event
    }
    let set = Set(found)
    guard !set.isEmpty, !set.contains(where: { one in one.counterpart.map(set.contains) ?? false }) else {
      throw AdminProblem(
        .invalidMember, "events must name at least one event, and each either as full or as notice.",
        at: "/events")
    }
    return SecurityEvent.allCases.filter(set.contains)
  }

  func apply(to stream: inout TokenStream) throws(AdminProblem) {
    if let name { stream.name = name }
    if let audience { stream.audience = audience }
    if let url {
      guard stream.delivery == .push else {
        throw AdminProblem(
          .invalidMember, "The receiver of this stream polls; it has no URL.", at: "/url",
          fix: "Create another stream for a receiver that is called.")
      }
      stream.url = url
    }
    if let events { stream.events = events }
    if let algorithm { stream.algorithm = algorithm }
    if let timeout { stream.timeout = timeout }
    if let inFlight { stream.inFlight = inFlight }
  }

  static let schema = AdminSchema.object([
    .init("name", .text, optional: true), .init("audience", .list(.text), optional: true),
    .init("url", .text, optional: true), .init("events", .list(.text), optional: true),
    .init("algorithm", .text, optional: true), .init("timeout", .integer, optional: true),
    .init("inFlight", .integer, optional: true),
  ])
}
