import Feed
import JSON
import SCIM
import Storage

/// A webhook as the admin API shows it.
struct WebhookReport {
  let resource: AdministrativeResource
  let webhook: Webhook
  let progress: WebhookProgress
  /// Right after it was made or rotated.
  var secret: String?

  /// Nil if the resource is not a webhook.
  init?(_ resource: AdministrativeResource, _ world: AdminWorld, _ directory: Directory) {
    guard let webhook = Webhook(resource.document) else { return nil }
    self.resource = resource
    self.webhook = webhook
    progress =
      world.webhooks.progress(of: resource.id)
      ?? WebhookNotes(directory, .webhook, resource.id.text).progress(start: webhook.start)
  }

  var json: JSONValue {
    var object: JSONObject = [
      "id": .string(resource.id.text), "name": .string(webhook.name), "url": .string(webhook.url),
      "types": .array(webhook.types.map { .string($0.rawValue) }), "thin": .bool(webhook.isThin),
      "timeout": .integer(Int64(webhook.timeout)), "inFlight": .integer(Int64(webhook.inFlight)),
      "state": .string(webhook.state.rawValue),
    ]
    if let connection = webhook.connection { object["connection"] = .string(connection) }
    if let reason = webhook.reason { object["reason"] = .string(reason) }
    object["secretGeneration"] = .integer(Int64(webhook.generation))
    if let ends = webhook.overlapEnds { object["overlapEnds"] = .string(ends.description) }
    if let secret { object["secret"] = .string(secret) }
    object["progress"] = progress.json
    object["created"] = .string(resource.created.description)
    object["modified"] = .string(resource.modified.description)
    object["version"] = .string(resource.version)
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text), .init("url", .text), .init("types", .list(.text)),
    .init("thin", .boolean),
    .init("timeout", .integer), .init("inFlight", .integer),
    .init("state", .choice(Webhook.State.allCases.map(\.rawValue))),
    .init("connection", .text, optional: true),
    .init("reason", .text, optional: true), .init("secretGeneration", .integer),
    .init("overlapEnds", .time, optional: true), .init("secret", .text, optional: true),
    .init("progress", WebhookProgress.schema), .init("created", .time), .init("modified", .time),
    .init("version", .text),
  ])

  static let attemptSchema = AdminSchema.object([
    .init("webhook", .text), .init("event", .text), .init("type", .text), .init("time", .time),
    .init("milliseconds", .integer), .init("accepted", .boolean), .init("status", .integer, optional: true),
    .init("answer", .text, optional: true), .init("error", .text, optional: true),
  ])
}

extension WebhookProgress {
  var json: JSONValue {
    [
      "position": .integer(Int64(clamping: position)), "behind": .integer(Int64(clamping: behind)),
      "exceptions": .integer(Int64(exceptions)), "circuitOpen": .bool(isCircuitOpen),
      "delivered": .integer(Int64(delivered)), "superseded": .integer(Int64(superseded)),
      "failed": .integer(Int64(failed)),
    ]
  }

  static let schema = AdminSchema.object([
    .init("position", .integer), .init("behind", .integer), .init("exceptions", .integer),
    .init("circuitOpen", .boolean), .init("delivered", .integer), .init("superseded", .integer),
    .init("failed", .integer),
  ])
}
