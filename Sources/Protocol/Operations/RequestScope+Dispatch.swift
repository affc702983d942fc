import HTTP
import Credentials
import JSON
import SCIM
import Storage

extension RequestScope {
  /// Checks everything that can be checked without the body; throws 404, 405, 415 and the like.
  func check() throws(SCIMError) {
    switch route {
    case .otherVersion:
      throw SCIMError(.unsupportedVersion, "Only SCIM version 2 is supported: use the base path /scim/v2.")
    case .unknown: throw unknownEndpoint
    case .malformed:
      throw SCIMError(
        .malformedPath,
        "The path has a percent escape that is malformed or not UTF-8.")
    case .me where method == .post:
      throw SCIMError(.meNotCreatable, "/Me cannot create users; send the POST to /Users.")
    case .me: _ = try userOfKey()
    default: break
    }
    guard route.methods.contains(method) else {
      throw SCIMError(
        .methodNotAllowed,
        "\(method.rawValue) is not allowed on \(route.template); allowed: \(route.allow).")
    }
    if method == .post || method == .put || method == .patch { try MediaTypes.checkBody(head) }
  }

  /// A 404 with the base URL and the endpoint that was probably meant.
  private var unknownEndpoint: SCIMError {
    let nearest = service.nearestEndpoint.name(for: head.path).map { " Did you mean \(base)/\($0)?" } ?? ""
    return SCIMError(
      .noSuchEndpoint,
      "No such endpoint exists. The base URL is \(base).\(nearest)")
  }

  /// HEAD is answered like GET; the HTTP layer omits the body.
  var method: HTTPMethod { head.method == .head ? .get : head.method }

  /// Carries out a request that was checked. Answers now or later, or throws the error to answer with.
  func run() throws(SCIMError) {
    switch route {
    case .live: send(Discovery.health(true))
    case .ready: send(Discovery.health(service.isReady))
    case .serviceProviderConfig: try describeService()
    case .schemas, .schema, .resourceTypes, .resourceType:
      send(try service.discovery.response(to: self))
    case .root: try query(try parameters(), over: service.store.catalog.types)
    case .rootSearch: try query(try ListQuery(searchRequest: try json()), over: service.store.catalog.types)
    case .search(let type): try query(try ListQuery(searchRequest: try json()), over: [type])
    case .collection(let type):
      if method == .post { try create(type) } else { try query(try parameters(), over: [type]) }
    case .resource(let type, let id): try run(on: type, id)
    case .me:
      let (type, id) = try userOfKey()
      try run(on: type, Array(id.utf8)[...])
    case .bulk: try bulk()
    case .otherVersion, .unknown, .malformed: try check()
    }
  }

  /// The configuration of the service, with the security events that the directory's streams have by now.
  private func describeService() throws(SCIMError) {
    // Requests without a key get what is the same for everyone.
    guard let key = service.authorization.key(of: request),
      let directory = service.store.existingDirectory(named: key.directory)
    else {
      return send(try service.discovery.response(to: self))
    }
    let streams = directory.administrative(all: directory.administrativeType("Stream"))
    let answer = streams.map { streams in
      Result { () throws(SCIMError) in
        let all = streams.flatMap { $0.document.attributes["events"]?.arrayValue ?? [] }
        let events = Set(all.compactMap(\.stringValue)).sorted {
          $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        return try service.discovery.response(to: self, securityEvents: events)
      }
    }
    answer.whenDurable { [self] answer in
      switch answer {
      case .success(let response): send(response)
      case .failure(let error): fail(error)
      }
    }
  }

  private func run(on type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) {
    switch method {
    case .put: try replace(type, id)
    case .patch: try modify(type, id)
    case .delete: try delete(type, id)
    default: try read(type, id)
    }
  }

  /// The user that `/Me` means (RFC 7644 §3.11); 501 for a key without a user.
  func userOfKey() throws(SCIMError) -> (type: ResourceType, id: String) {
    guard let id = key?.key.user, let type = service.store.catalog.types.first(where: \.hasGroups) else {
      throw SCIMError(
        .meWithoutUser,
        "/Me needs a key that belongs to a user; `scimd key create --user` creates one.")
    }
    return (type, id)
  }

  /// The directory of the key: no other part of a request chooses one.
  func directory() throws(SCIMError) -> Directory {
    guard let key else { throw SCIMError(.keyMissing, "The request needs a key.") }
    return key.directory
  }

  /// The body as JSON; 400 invalidSyntax with the place of the error.
  func json() throws(SCIMError) -> JSONValue {
    guard !request.body.isEmpty else {
      throw SCIMError(.missingBody, "The request has no body; it must be a JSON object.")
    }
    do throws(JSONError) {
      let json = try JSONParser.parse(request.body)
      if trace != nil { observation.understood = .body(json) }
      return json
    } catch {
      throw SCIMError(.invalidJSON, "The body is not valid JSON: \(error).")
    }
  }

  /// The parameters of the query string; throws 400 for a malformed escape.
  func parameters() throws(SCIMError) -> ListQuery {
    guard let query = head.query, !query.isEmpty else { return ListQuery() }
    let given: Query
    do { given = try Query(query) } catch {
      throw SCIMError(.malformedQuery, "The query string has a malformed percent escape or is not UTF-8.")
    }
    let list = try ListQuery(parameters: given.parameters.map { (name: $0.name, value: $0.value ?? "") })
    if service.ring != nil { observation.understood = .query(list, []) }
    return list
  }
}
