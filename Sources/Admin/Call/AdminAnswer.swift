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

  /// A page of a list.
  init(items: [JSONValue], next: String?, _ more: JSONObject = JSONObject()) {
    var object: JSONObject = ["items": .array(items)]
    if let next { object["next"] = .string(next) }
    object.members += more.members
    self.init(.object(object))
  }

  func with(etag: String?) -> AdminAnswer {
    guard let etag else { return self }
    var answer = self
    answer.fields.append((.etag, etag))
    return answer
  }

  var response: HTTPResponse {
    var response = HTTPResponse(status: status, body: body)
    response.fields.append(.contentType, mediaType)
    for (name, value) in fields { response.fields.append(name, value) }
    return response
  }
}
