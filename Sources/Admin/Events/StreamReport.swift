import Feed
import JSON
import SCIM
import Storage
import TLS

/// A stream as the admin API shows it.
struct StreamReport {
  private let resource: AdministrativeResource
  let stream: TokenStream
  let progress: WebhookProgress
  private let issuer: String
  /// Where a receiver that polls asks.
  private let pollURL: String

  /// Nil if the resource is not a stream.
  init?(_ resource: AdministrativeResource, _ world: AdminWorld, _ directory: Directory) {
    guard let stream = TokenStream(resource.document) else { return nil }
    self.resource = resource
    self.stream = stream
    issuer = world.webhooks.streams.issuer
    pollURL = "\(issuer)\(StreamsNoun.pollPath(resource.id.text))"
    progress =
      world.webhooks.progress(of: resource.id)
      ?? WebhookNotes(directory, .stream, resource.id.text).progress(start: stream.start)
  }

  var json: JSONValue {
    var object: JSONObject = [
      "id": .string(resource.id.text), "name": .string(stream.name),
      "delivery": .string(stream.delivery.rawValue), "url": .string(stream.url ?? pollURL),
      "audience": .array(stream.audience.map { .string($0) }),
      "events": .array(stream.events.map { .string($0.rawValue) }), "issuer": .string(issuer),
      "jwks": .string(issuer + KeySetNoun.path), "algorithm": .string(stream.algorithm.rawValue),
    ]
    if stream.delivery == .push {
      object["timeout"] = .integer(Int64(stream.timeout))
      object["inFlight"] = .integer(Int64(stream.inFlight))
    }
    object["state"] = .string(stream.state.rawValue)
    if let reason = stream.reason { object["reason"] = .string(reason) }
    object["keyGeneration"] = .integer(Int64(stream.generation))
    if let ends = stream.overlapEnds { object["overlapEnds"] = .string(ends.description) }
    object["progress"] = progress.json
    object["created"] = .string(resource.created.description)
    object["modified"] = .string(resource.modified.description)
    object["version"] = .string(resource.version)
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text),
    .init("delivery", .choice(TokenStream.Delivery.allCases.map(\.rawValue))), .init("url", .text),
    .init("audience", .list(.text)), .init("events", .list(.text)), .init("issuer", .text),
    .init("jwks", .text), .init("algorithm", .choice(TokenStream.algorithms.map(\.rawValue))),
    .init("timeout", .integer, optional: true), .init("inFlight", .integer, optional: true),
    .init("state", .choice(TokenStream.State.allCases.map(\.rawValue))),
    .init("reason", .text, optional: true), .init("keyGeneration", .integer),
    .init("overlapEnds", .time, optional: true), .init("progress", WebhookProgress.schema),
    .init("created", .time), .init("modified", .time), .init("version", .text),
  ])
}
