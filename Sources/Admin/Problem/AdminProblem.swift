import Credentials
package import JSON

/// The refusal of an administrative request, as a problem of RFC 9457:
///
///     {"type": "/docs/errors/unknownMember", "title": "The member does not exist", "status": 400,
///      "detail": "\"nam\" is not a member of a key.", "code": "unknownMember", "pointer": "/nam",
///      "fix": "Remove the member, or correct its name.", "request": "admin-2c1e0f7a"}
package struct AdminProblem: Error, Sendable, Equatable {
  /// A resource that an ambiguous name may mean.
  package struct Candidate: Sendable, Equatable {
    package let id: String
    package let name: String?

    package init(id: String, name: String?) {
      self.id = id
      self.name = name
    }
  }

  package static let mediaType = "application/problem+json"

  package let code: ProblemCode
  /// The error in this case.
  package let detail: String
  /// A JSON pointer into the body, or `?name` for a parameter; nil if the error has no single place.
  package var pointer: String?
  /// The next step for the reader.
  package var fix: String
  /// The id of the request.
  package var request: String?
  package var candidates: [Candidate] = []
  /// Whether this is no answer: an event loop asked what a worker has to answer.
  private(set) var isLater = false
  /// The oldest event that is kept, if the ones asked for are not.
  var oldest: String?

  package init(_ code: ProblemCode, _ detail: String, at pointer: String? = nil, fix: String? = nil) {
    self.code = code
    self.detail = detail
    self.pointer = pointer
    self.fix = fix ?? code.meaning.fix
  }

  /// An event loop must not wait for the answer: a worker gives it.
  static var later: AdminProblem {
    var problem = AdminProblem(.busy, "A worker has to answer this request.")
    problem.isLater = true
    return problem
  }

  /// The body of the response; keys that the client pasted into the wrong place are redacted.
  package var json: JSONValue {
    var object: JSONObject = [
      "type": .string("/docs/errors/\(code.rawValue)"), "title": .string(code.meaning.title),
      "status": .integer(Int64(code.status)), "detail": .string(RedactedText.of(detail)),
      "code": .string(code.rawValue),
    ]
    if let pointer { object["pointer"] = .string(RedactedText.of(pointer)) }
    object["fix"] = .string(RedactedText.of(fix))
    if let request { object["request"] = .string(request) }
    if let oldest { object["oldest"] = .string(oldest) }
    if !candidates.isEmpty {
      object["candidates"] = .array(
        candidates.map { candidate in
          var object: JSONObject = ["id": .string(candidate.id)]
          if let name = candidate.name { object["name"] = .string(name) }
          return .object(object)
        })
    }
    return .object(object)
  }

  /// Reads what `json` wrote; nil for anything else. An unknown code, of another version, becomes `internalError`.
  package init?(_ json: JSONValue) {
    guard let code = json["code"]?.stringValue, let detail = json["detail"]?.stringValue else { return nil }
    self.init(ProblemCode(rawValue: code) ?? .internalError, detail, at: json["pointer"]?.stringValue)
    if let fix = json["fix"]?.stringValue { self.fix = fix }
    request = json["request"]?.stringValue
    candidates = (json["candidates"]?.arrayValue ?? []).compactMap { item in
      item["id"]?.stringValue.map { Candidate(id: $0, name: item["name"]?.stringValue) }
    }
  }
}
