import Client
import Feed
import JSON
import SCIM
import Storage

/// What a request sets of a webhook.
struct WebhookChange {
  private static let maxNameBytes = 128

  private(set) var name: String?
  private(set) var url: String?
  private var types: [EventType]?
  /// Nil inside for none.
  private var connection: String??
  private var isThin: Bool?
  private var timeout: Int?
  private var inFlight: Int?

  init(_ reader: ObjectReader, isNew: Bool) throws(AdminProblem) {
    try reader.allow(
      ["name", "url", "types", "connection", "thin", "timeout", "inFlight"], of: "a webhook")
    name = try Self.name(reader)
    url = try Self.url(reader)
    if reader.has("types") {
      types = try reader.list("types") { (json, pointer) throws(AdminProblem) in
        guard let type = json.stringValue.flatMap({ EventType(rawValue: $0) }) else {
          throw AdminProblem(
            .invalidMember, "types must be a list of event types.", at: pointer,
            fix: "See /docs/events for all types.")
        }
        return type
      }
    }
    if reader.has("connection") { connection = .some(try reader.optionalText("connection")) }
    isThin = try reader.optionalBoolean("thin")
    timeout = try Self.number(reader, "timeout", 1...Webhook.maxTimeout)
    inFlight = try Self.number(reader, "inFlight", 1...Webhook.maxInFlight)
  }

  static func name(_ reader: ObjectReader) throws(AdminProblem) -> String? {
    let name = try reader.optionalText("name")
    if let name, name.isEmpty || name.utf8.count > maxNameBytes {
      throw AdminProblem(.invalidMember, "name must have 1 to \(maxNameBytes) bytes.", at: "/name")
    }
    return name
  }

  static func url(_ reader: ObjectReader) throws(AdminProblem) -> String? {
    guard let url = try reader.optionalText("url") else { return nil }
    do throws(ClientError) { _ = try OutboundGuard.base(of: url) } catch {
      throw AdminProblem(.invalidMember, "url: \(error).", at: "/url")
    }
    return url
  }

  static func number(
    _ reader: ObjectReader, _ name: String, _ range: ClosedRange<Int>
  ) throws(AdminProblem) -> Int? {
    guard let number = try reader.optionalInteger(name) else { return nil }
    guard range.contains(number) else {
      throw AdminProblem(
        .invalidMember, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).",
        at: "/\(name)")
    }
    return number
  }

  func apply(to webhook: inout Webhook, _ call: AdminCall) throws(AdminProblem) {
    if let name { webhook.name = name }
    if let url { webhook.url = url }
    if let types { webhook.types = types }
    if let connection {
      webhook.connection = try connection.map { text throws(AdminProblem) in
        try ConnectionsNoun.find(text, call).id.text
      }
    }
    if let isThin { webhook.isThin = isThin }
    if let timeout { webhook.timeout = timeout }
    if let inFlight { webhook.inFlight = inFlight }
  }

  static let schema = AdminSchema.object([
    .init("name", .text, optional: true), .init("url", .text, optional: true),
    .init("types", .list(.text), optional: true), .init("connection", .nullable(.text), optional: true),
    .init("thin", .boolean, optional: true), .init("timeout", .integer, optional: true),
    .init("inFlight", .integer, optional: true),
  ])
}
