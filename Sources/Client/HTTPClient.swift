/// A blocking HTTP/1.1 client that keeps one connection open; for one thread at a time. Its own fields are Host,
/// Content-Length and, if the caller gives none, Accept, Content-Type and `Authorization: Bearer`. It follows no
/// redirects and keeps no cookies.
package final class HTTPClient {
  /// The server.
  package let base: ClientBase

  /// Sent as a bearer token (RFC 6750 §2.1) unless a request brings its own Authorization field.
  package var token: String?

  /// The Authorization field of every request that brings none of its own, instead of the token's.
  package var authorization: String?

  /// Seconds allowed for connecting and for every single send and receive.
  package let timeoutSeconds: Double

  /// Length of an answer's body in bytes, 64 MiB: an export of some 50,000 users.
  package var responseLimit = 64 << 20

  /// Waits so many seconds before a request that was answered 429 is sent again, three times at most; nil to take the
  /// answer as it is.
  package var patience: ((_ seconds: Int) -> Void)?

  private var idle: ClientConnection?

  /// A client of "http://host:port/prefix", the same with https, or "unix:/path/to/socket"; throws `invalidURL`.
  package convenience init(base: String, token: String?, timeoutSeconds: Double = 30) throws(ClientError) {
    self.init(base: try ClientBase(base), token: token, timeoutSeconds: timeoutSeconds)
  }

  /// A client of a parsed base; connects with the first request.
  package init(base: ClientBase, token: String?, timeoutSeconds: Double = 30) {
    precondition(timeoutSeconds > 0 && timeoutSeconds < 86_400, "a time-out lies between 0 and a day")
    self.base = base
    self.token = token
    self.timeoutSeconds = timeoutSeconds
  }

  /// Sends one request and waits for its whole answer.
  ///
  /// A kept connection that turns out dead is replaced once, if the method is idempotent (RFC 9110 §9.2.2)
  /// or no byte of the request had been taken.
  /// - Parameter path: with its query, percent-encoded; appended to the base's prefix.
  package func send(
    method: String, path: String, fields: [(String, String)] = [], body: [UInt8]? = nil
  ) throws(ClientError) -> ClientResponse {
    var tries = 0
    while true {
      let response = try sendOnce(method: method, path: path, fields: fields, body: body)
      guard let patience, tries < Self.maxTries, let seconds = response.secondsToWait else { return response }
      tries += 1
      patience(seconds)
    }
  }

  /// Repetitions after an answer of 429.
  private static let maxTries = 3

  /// One request without patience: on the kept connection if it is still usable, otherwise on a new one.
  private func sendOnce(
    method: String, path: String, fields: [(String, String)], body: [UInt8]?
  ) throws(ClientError) -> ClientResponse {
    let head = try head(method: method, path: path, fields: fields, body: body)
    let body = body ?? []
    let parts = body.count < 64 << 10 ? [head + body] : [head, body]
    let kept = idle
    idle = nil
    if let connection = kept, connection.isUsable {
      do throws(ClientError) {
        return try exchange(parts, method: method, on: connection)
      } catch .connectionLost(let error) {
        let idempotent = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method)
        guard !connection.answered, idempotent || connection.accepted == 0 else {
          throw .connectionLost(error)
        }
      }
    }
    let connection = try ClientConnection(to: base, timeout: timeoutSeconds)
    return try exchange(parts, method: method, on: connection)
  }

  /// Drops the kept connection.
  package func disconnect() { idle = nil }

  /// Sends a request and reads its answer; keeps the connection if another request may follow on it.
  private func exchange(
    _ parts: [[UInt8]], method: String, on connection: ClientConnection
  ) throws(ClientError) -> ClientResponse {
    var sendFailure: ClientError?
    do throws(ClientError) {
      try connection.send(parts)
    } catch .connectionLost(let error) where connection.accepted > 0 {
      // RFC 9112 §9.5: a server may refuse a body with an answer and close while it is still being sent.
      sendFailure = .connectionLost(error)
    }
    do throws(ClientError) {
      let reader = ResponseReader(connection: connection, bodyLimit: responseLimit)
      let (response, keep) = try reader.read(toHead: method == "HEAD")
      if keep && sendFailure == nil { idle = connection }
      return response
    } catch { throw sendFailure ?? error }
  }

  /// The request line and the fields up to the empty line; throws `invalidRequest` if a part could be read as another
  /// line or field.
  func head(
    method: String, path: String, fields: [(String, String)], body: [UInt8]?
  ) throws(ClientError) -> [UInt8] {
    let target = base.prefix + path
    guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .invalidRequest("the path \"\(path)\" is not percent-encoded")
    }
    guard !method.isEmpty, method.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .invalidRequest("the method \"\(method)\" is not a token")
    }
    var head = "\(method) \(target) HTTP/1.1\r\n"
    for (name, value) in fields + defaults(exceptFor: fields, body: body, method: method) {
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }),
        !value.utf8.contains(where: { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") || $0 == 0 })
      else { throw .invalidRequest("the field \"\(name)\" cannot be sent") }
      head += "\(name): \(value)\r\n"
    }
    return Array((head + "\r\n").utf8)
  }

  /// The fields of every request, without those that the caller gives.
  private func defaults(
    exceptFor fields: [(String, String)], body: [UInt8]?, method: String
  ) -> [(String, String)] {
    var defaults = [("Host", base.authority), ("Accept", "application/scim+json")]
    if let value = authorization ?? token.map({ "Bearer \($0)" }) {
      defaults.append(("Authorization", value))
    }
    if let body {
      defaults += [("Content-Type", "application/scim+json"), ("Content-Length", "\(body.count)")]
    } else if ["POST", "PUT", "PATCH"].contains(method) {
      defaults.append(("Content-Length", "0"))
    }
    let given = Set(fields.map { $0.0.lowercased() })
    return defaults.filter { !given.contains($0.0.lowercased()) }
  }
}
