import Credentials
import HTTP
import Insight
import SCIM
import Storage

extension RequestScope: ObservedRequest {
  var observedDirectory: String {
    key?.directory.name ?? refusal?.owner?.directory ?? DataFolder.systemName
  }

  /// A parsed body is larger than its text.
  var observedBytes: Int { 1024 + 4 * request.body.count }

  func describe(to entry: inout EntryWriter, _ answer: ObservedAnswer) {
    let (path, rest) = route.templateParts
    entry.head(requestID, head.method.rawValue, path, answer, rest: rest)
    entry.caller(
      remote: remote, certificate: head.clientCertificate, agent: head[.userAgent],
      key: key?.key.id ?? refusal?.owner?.key,
      connection: key?.key.connection ?? refusal?.owner?.connection)
    var type: ResourceType?
    var hidden: String?
    switch route {
    case .resource(let found, let id):
      type = found
      // Any other text may be a name, or a key pasted into the wrong place.
      if let id = ResourceID(id) {
        entry.resource(id)
      } else {
        hidden = String(decoding: id.prefix(64), as: UTF8.self)
      }
    case .collection(let found), .search(let found): type = found
    case .me:
      if let id = key?.key.user.flatMap({ ResourceID($0) }) { entry.resource(id) }
    default: break
    }
    if let refusal {
      entry.refused(
        refusal.reason.rawValue, hint: refusal.hint, length: refusal.length, requests: refusal.requests)
    }
    describe(observation.understood, type, to: &entry)
    if let trace { entry.outcome(trace) }
    if let error = observation.error {
      entry.error(error, types(type), without: hidden)
    }
    entry.failures(observation.failures, types(type))
    noteSteps(answer.status, at: DateTime(milliseconds: answer.time))
  }

  private func types(_ type: ResourceType?) -> [ResourceType] {
    type.map { [$0] } ?? service.store.catalog.types
  }

  private func describe(
    _ understood: Observation.Understood, _ type: ResourceType?, to entry: inout EntryWriter
  ) {
    switch understood {
    case .nothing: break
    case .query(let query, let parts): entry.query(query, parts, types(type))
    case .document(let document, let members, let type): entry.document(document, members, of: type)
    case .patch(let patch): entry.patch(patch)
    case .body(let json): entry.unread(json, of: type, types(type))
    case .bulk(let request):
      entry.bulk(request.operations.map { ($0.methodText ?? "", service.template(of: $0.path ?? "")) })
    }
  }
}

extension SCIMService {
  /// The path of an operation without what may be a name: `/Users/<id>`.
  func template(of path: String) -> String {
    let bytes = Array((path.utf8.first == UInt8(ascii: "/") ? path : "/" + path).utf8)
    let route = router.route(bytes[...])
    guard case .resource(let type, let id) = route, let id = ResourceID(id) else { return route.template }
    return "\(type.endpoint)/\(id.text)"
  }
}
