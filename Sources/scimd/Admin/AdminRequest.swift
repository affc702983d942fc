import Client
import JSON

/// One request to the admin API, as a command sends it.
struct AdminRequest: Sendable {
  let method: String
  /// Percent-encoded, without the query.
  let path: String
  var query: [(name: String, value: String)] = []
  var ifMatch: String?
  var body: [UInt8]?
  /// The command as typed without its options, `scimd user restore`, for the log.
  var command: String?
  var mediaType = "application/json"
  /// The directory in the path; nil for requests outside directories.
  private(set) var directory: String?

  /// - Parameter path: the segments, as text.
  init(_ method: String, _ path: [String]) {
    self.method = method
    self.path = "/" + path.map(PercentEncoding.encode).joined(separator: "/")
  }

  /// A request on something outside directories.
  static func root(_ method: String, _ path: String...) -> AdminRequest {
    AdminRequest(method, ["admin", "v1"] + path)
  }

  /// A request on something in a directory.
  static func directory(_ name: String, _ method: String, _ path: [String]) -> AdminRequest {
    var request = AdminRequest(method, ["admin", "v1", "directories", name] + path)
    request.directory = name
    return request
  }

  /// Adds a parameter unless it is nil.
  mutating func set(_ name: String, _ value: String?) {
    if let value { query.append((name, value)) }
  }

  /// Adds a parameter if it is true.
  mutating func set(_ name: String, _ flag: Bool) {
    if flag { query.append((name, "true")) }
  }

  /// The same request with a JSON body.
  func sending(_ json: JSONValue) -> AdminRequest {
    var request = self
    request.body = json.serialized()
    return request
  }

  /// The path with the query.
  var target: String {
    let pairs = query.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }
    return path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }

  /// The header fields.
  var fields: [(String, String)] {
    [("Accept", "application/json")] + (body == nil ? [] : [("Content-Type", mediaType)])
      + (ifMatch.map { [("If-Match", $0)] } ?? []) + (command.map { [("X-Scimd-Command", $0)] } ?? [])
  }
}
