package import HTTP
import JSON

/// One endpoint of the admin API as data: dispatch, refusals, the OpenAPI description and help all follow from it.
package struct AdminRoute: Sendable {
  /// The form of a successful answer.
  package struct Success: Sendable {
    package let status: Int
    package let mediaType: String
    package let schema: AdminSchema

    static func json(_ schema: AdminSchema, status: Int = 200) -> Success {
      Success(status: status, mediaType: "application/json", schema: schema)
    }

    static func lines(_ mediaType: String) -> Success {
      Success(status: 200, mediaType: mediaType, schema: .text)
    }
  }

  /// The form of the request body.
  package struct Body: Sendable {
    package let mediaType: String
    package let schema: AdminSchema

    static func json(_ schema: AdminSchema) -> Body { Body(mediaType: "application/json", schema: schema) }
  }

  /// Answers a repeated request. The id is that of the resource that the first request created or changed first, or that of
  /// the path if it changed nothing.
  typealias Replay = @Sendable (AdminCall, _ id: String) throws(AdminProblem) -> AdminAnswer
  /// What names the connection of a request: a part of the path, a parameter, or something that the handler checks.
  enum ConnectionReach: Sendable {
    case path(String)
    case parameter(String)
    case handler
  }

  typealias Handle = @Sendable (AdminCall) throws(AdminProblem) -> AdminAnswer

  package let method: HTTPMethod
  /// Such as `/admin/v1/directories/{directory}/users/{id}`.
  package let template: String
  /// The command's noun, such as `user`.
  package let noun: String
  package let verb: String
  /// The scope that the caller needs; nil for an open endpoint.
  package let scope: AdminScope?
  /// One line, without a full stop.
  package let summary: String
  package let success: Success
  package var parameters: [AdminParameter] = []
  package var body: Body?
  /// Whether the request may be conditional on a version.
  package var takesIfMatch = false
  /// Answers a request that was carried out before; nil if the route does not support `Idempotency-Key`.
  var replay: Replay?
  /// Whether `dryRun=true` is supported.
  package var takesDryRun = false
  /// Whether it may take seconds, so that it runs in the lane of long requests.
  package var isLong = false
  /// Whether an event loop may answer it, as far as nothing has to be waited for.
  var isQuick = false
  /// Whether `newDirectory=true` creates the directory if it does not exist.
  package var canMakeDirectory = false
  /// Whether the changed resource is in `_system` although the path names a directory.
  var changesSystem = false
  /// Whether a caller of one directory is refused although the path names one.
  var isForWholeServer = false
  /// Whether it concerns all directories, and a caller of one directory gets only that part.
  package var showsPart = false
  /// Whether it concerns the directory of the caller's key; the path names none.
  var isOfCaller = false
  /// Whether a client that already has the answer gets 304 (RFC 9110 §13.1.2).
  package var takesIfNoneMatch = false
  /// How it is limited to the connection of a set-up link; nil if no link reaches it.
  var reach: ConnectionReach?
  /// The parts of the template.
  package let segments: [Substring]
  /// The names in braces, in order.
  package let pathParameters: [String]
  let handle: Handle
  /// The words of the template; nil for a parameter.
  private let words: [String?]

  init(
    _ method: HTTPMethod, _ template: String, _ noun: String, _ verb: String, _ scope: AdminScope?,
    _ summary: String, answers success: Success, handle: @escaping Handle
  ) {
    self.method = method
    self.template = template
    self.noun = noun
    self.verb = verb
    self.scope = scope
    self.summary = summary
    self.success = success
    self.handle = handle
    segments = template.split(separator: "/")
    words = segments.map { $0.hasPrefix("{") ? nil : String($0) }
    pathParameters = segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }

  /// The routes at the path of a request, whatever its method; empty if the path is malformed.
  static func all(at head: HTTPRequestHead) -> [AdminRoute] {
    (try? PercentDecoding.segments(of: head.path)).map { all(at: $0) } ?? []
  }

  /// By the number of segments.
  private static let bySize = Dictionary(grouping: served, by: \.segments.count)

  /// The same for a decoded path. The route with the fewest parameters wins: `/keys/inspect` over `/keys/{id}`.
  static func all(at path: [String]) -> [AdminRoute] {
    let found = (bySize[path.count] ?? []).filter { $0.fits(path) }
    guard found.count > 1 else { return found }
    let fewest = found.map(\.pathParameters.count).min()
    return found.filter { $0.pathParameters.count == fewest }
  }

  /// The route with some of its characteristics changed.
  func with(_ change: (inout AdminRoute) -> Void) -> AdminRoute {
    var route = self
    change(&route)
    return route
  }

  /// Whether a repeated request is answered as before and not carried out twice.
  package var takesIdempotencyKey: Bool { replay != nil }

  /// Every parameter, including `dryRun` and `newDirectory` if it supports them.
  package var allParameters: [AdminParameter] {
    parameters + (takesDryRun ? [.dryRun] : []) + (canMakeDirectory ? [.newDirectory] : [])
  }

  /// Whether the path names a directory, and a caller of that directory may use the route.
  package var isOfDirectory: Bool { pathParameters.first == "directory" && !isForWholeServer }

  /// The values of the path parameters; nil if the path does not match.
  func match(_ path: [String]) -> [String: String]? {
    guard segments.count == path.count, fits(path) else { return nil }
    var values: [String: String] = [:]
    var names = pathParameters.makeIterator()
    for (index, word) in words.enumerated() {
      guard case nil = word, let name = names.next() else { continue }
      values[name] = path[index]
    }
    return values
  }

  /// Whether a path of as many segments matches; the last ones differ most.
  private func fits(_ path: [String]) -> Bool {
    for index in words.indices.reversed() {
      if let word = words[index] {
        guard word.hasSameBytes(as: path[index]) else { return false }
      } else if path[index].isEmpty {
        return false
      }
    }
    return true
  }
}
