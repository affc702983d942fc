import Credentials
package import JSON

/// Why an administrative request is refused, as RFC 9457 describes a problem:
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
  /// What is wrong in this case.
  package let detail: String
  /// Where: a JSON pointer into the body, `?name` for a parameter; nil if it is not one place.
  package var pointer: String?
  /// What to do.
  package var fix: String
  /// The id of the request.
  package var request: String?
  package var candidates: [Candidate] = []

  package init(_ code: ProblemCode, _ detail: String, at pointer: String? = nil, fix: String? = nil) {
    self.code = code
    self.detail = detail
    self.pointer = pointer
    self.fix = fix ?? code.meaning.fix
  }

  /// For the client, without the keys that it may have put in the wrong place.
  package var json: JSONValue {
    var object: JSONObject = [
      "type": .string("/docs/errors/\(code.rawValue)"), "title": .string(code.meaning.title),
      "status": .integer(Int64(code.status)), "detail": .string(RedactedText.of(detail)),
      "code": .string(code.rawValue),
    ]
    if let pointer { object["pointer"] = .string(RedactedText.of(pointer)) }
    object["fix"] = .string(RedactedText.of(fix))
    if let request { object["request"] = .string(request) }
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

  /// Reads what `json` wrote; nil for anything else. A code of another version is taken as `internalError`.
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
