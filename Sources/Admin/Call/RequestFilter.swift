import Insight
import JSON
import SCIM
import Storage

/// Which entries of the ring a caller asks for.
struct RequestFilter: Sendable {
  /// `404`, or a class such as `4xx`.
  var status: ClosedRange<Int64>?
  /// The `keyId`.
  var key: String?
  /// The id of a connection.
  var connection: String?
  /// Texts that stand in entries about a person: the id, and the name as it was given.
  var user: [[UInt8]] = []
  /// Milliseconds since 1970.
  var since: Int64?

  /// The parameters of a list.
  static let parameters: [AdminParameter] = [
    AdminParameter(
      "status", .text(maxBytes: 3), "Only this status, such as 404, or this class, such as 4xx."),
    AdminParameter("key", .text(maxBytes: 64), "Only requests with this key, by its id."),
    AdminParameter("connection", .text(maxBytes: 256), "Only requests of this connection, by id or name."),
    AdminParameter("user", .text(maxBytes: 256), "Only requests about this user, by id or userName."),
    AdminParameter(
      "since", .text(maxBytes: 40), "Only requests since this time, such as 2027-01-31T00:00:00Z."),
  ]

  init(_ call: AdminCall, in directory: Directory?) throws(AdminProblem) {
    status = try call.query["status"].map { text throws(AdminProblem) in try Self.statuses(text) }
    key = call.query["key"]
    if let since = call.query["since"] {
      guard let time = DateTime(since) else {
        throw AdminProblem(
          .invalidParameter, "since must be a date and time like 2027-01-31T00:00:00Z.", at: "?since")
      }
      self.since = time.milliseconds
    }
    if let user = call.query["user"] { self.user = Self.texts(user, in: directory) }
    if let name = call.query["connection"] {
      connection = try directory.map { directory throws(AdminProblem) in
        try ConnectionsNoun.find(name, call, in: directory).id.text
      }
    }
  }

  private static func statuses(_ text: String) throws(AdminProblem) -> ClosedRange<Int64> {
    let bytes = Array(text.utf8)
    if bytes.count == 3, let digit = Int64(text.prefix(1)), (1...5).contains(digit) {
      if bytes[1] | 0x20 == UInt8(ascii: "x"), bytes[2] | 0x20 == UInt8(ascii: "x") {
        return digit * 100...digit * 100 + 99
      }
      if let number = Int64(text) { return number...number }
    }
    throw AdminProblem(
      .invalidParameter, "status must be a status such as 404, or a class such as 4xx.", at: "?status")
  }

  /// The id, and the name as it stands in an entry: alone, and in a filter.
  private static func texts(_ user: String, in directory: Directory?) -> [[UInt8]] {
    let type = directory?.catalog.types.first(where: \.hasGroups)
    let found = type.flatMap { type in
      directory?.resources(named: user, type, .any).whenDurable().first?.id
    }
    return RequestRing.needles(user)
      + [found, ResourceID(user)?.text].compactMap { $0.map { Array($0.utf8) } }
  }

  /// Answers that are written in the same moment are not in the order of their times; milliseconds.
  static let disorder: Int64 = 60_000

  /// Whether a line may be one, before it is parsed.
  func allows(_ line: ArraySlice<UInt8>) -> Bool {
    user.isEmpty || user.contains { RequestRing.contains(line, $0) }
  }

  func allows(_ entry: JSONValue) -> Bool {
    if let status, entry["status"]?.integerValue.map(status.contains) != true { return false }
    if let key, entry["key"]?.stringValue?.hasSameBytes(as: key) != true { return false }
    if let connection, entry["connection"]?.stringValue?.hasSameBytes(as: connection) != true { return false }
    return since.map { (Self.time(entry) ?? .min) >= $0 } ?? true
  }

  /// When a request was answered, milliseconds since 1970.
  static func time(_ entry: JSONValue) -> Int64? {
    entry["time"]?.stringValue.flatMap { DateTime($0) }?.milliseconds
  }
}
