import Credentials
import HTTP
import JSON
import SCIM
import Storage

// Bulk jobs (RFC 7644 §3.7).
extension RequestScope {
  /// Runs the job as one record, and answers when it is on disk.
  func bulk() throws(SCIMError) {
    let mediaType = try MediaTypes.answer(to: head)
    let request = try BulkRequest(try json(), maxOperations: service.settings.maxBulkOperations)
    observation.understood = .bulk(request)
    let job = BulkJob(
      request, router: service.router, dialect: dialect, scopes: key?.scopes ?? [], roles: providerRoles)
    let base = base
    try directory().edit(context, isLarge: hasLargeBody) { tx throws(SCIMError) in
      try job.run(&tx)
    } show: { outcomes, edited in
      outcomes.map { $0.map { $0.having(version: $0.versioned.flatMap { edited.version(of: $0) }) } }
    } _: { result in
      result.map { result in
        switch result {
        case .failure(let error): self.failure(error)
        case .success(let outcomes): self.bulkResponse(request, outcomes, base, mediaType)
        }
      }.whenDurable { self.send($0) }
    }
  }

  private func bulkResponse(
    _ request: BulkRequest, _ outcomes: [BulkJob.Outcome?], _ base: String, _ mediaType: [UInt8]
  ) -> HTTPResponse {
    if trace != nil { observe(request, outcomes) }
    let operations = zip(request.operations, outcomes).compactMap { operation, outcome in
      outcome.map { RequestScope.json(operation, $0, base) }
    }
    let body: JSONValue = [
      "schemas": [.string(SchemaURN.bulkResponse)], "Operations": .array(operations),
    ]
    var response = HTTPResponse(status: .ok, body: .bytes(body.serialized()))
    response.fields.append(.contentType, mediaType)
    return response
  }

  private func observe(_ request: BulkRequest, _ outcomes: [BulkJob.Outcome?]) {
    for (index, outcome) in outcomes.enumerated() {
      guard let error = outcome?.error else { continue }
      let end = request.operations[index].path?.split(separator: "/").last.map { String($0.prefix(64)) }
      observation.failures.append(
        (error.at(operation: index), end.flatMap { ResourceID($0) == nil ? $0 : nil }))
    }
  }

  /// One element of the response's `Operations` (RFC 7644 §3.7.3).
  private static func json(
    _ operation: BulkOperation, _ outcome: BulkJob.Outcome, _ base: String
  ) -> JSONValue {
    var object = JSONObject()
    if let type = outcome.type, !outcome.id.isEmpty {
      object["location"] = .string("\(base)\(type.endpoint)/\(outcome.id)")
    }
    object["method"] = operation.methodText.map { .string($0) }
    object["bulkId"] = operation.bulkId.map { .string($0) }
    object["version"] = outcome.version.map { .string($0) }
    object["status"] = .string(String(outcome.status))
    if let error = outcome.error { object["response"] = ErrorResponse.body(error) }
    return .object(object)
  }
}
