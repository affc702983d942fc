import HTTP
import JSON

/// The answer to an administrative request that was not refused.
struct AdminAnswer: Sendable {
  var status = HTTPStatus.ok
  var mediaType = "application/json"
  var fields: [(name: FieldName, value: String)] = []
  let body: HTTPBody

  init(_ json: JSONValue, _ status: HTTPStatus = .ok) {
    body = .bytes(json.serialized())
    self.status = status
  }

  init(_ body: HTTPBody, _ mediaType: String) {
    self.body = body
    self.mediaType = mediaType
  }

  /// A page of a list; `more` are members next to `items` and `next`.
  init(items: [JSONValue], next: String?, _ more: JSONObject = JSONObject()) {
    var object: JSONObject = ["items": .array(items)]
    if let next { object["next"] = .string(next) }
    object.members += more.members
    self.init(.object(object))
  }

  /// The requested page of a complete list; its cursors are positions in the list.
  init<Item>(page call: AdminCall, of all: [Item], _ json: (Item) -> JSONValue?) throws(AdminProblem) {
    let start = try PageCursor.number(call.query["cursor"]).map { Int(clamping: $0) } ?? 0
    guard start <= all.count else {
      throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor")
    }
    let page = all[start...].prefix(call.query.integer("limit"))
    self.init(
      items: page.compactMap(json),
      next: page.endIndex < all.count ? PageCursor.text(UInt64(page.endIndex)) : nil)
  }

  /// Answers a repeated request from the stored parts of its first answer.
  static let kept: AdminRoute.Replay = { call, _ throws(AdminProblem) in
    guard let answer = call.keptAnswer else {
      throw AdminProblem(.internalError, "The answer to the first request was not kept.")
    }
    return AdminAnswer(answer)
  }

  /// Adds the version of the resource; nil adds nothing.
  func with(etag: String?) -> AdminAnswer {
    guard let etag else { return self }
    var answer = self
    answer.fields.append((.etag, etag))
    return answer
  }

  /// The answer as a response; a 304 has no media type.
  var response: HTTPResponse {
    var response = HTTPResponse(status: status, fields: .everyAnswer, body: body)
    if status != .notModified { response.fields.append(.contentType, mediaType) }
    for (name, value) in fields { response.fields.append(name, value) }
    return response
  }
}
