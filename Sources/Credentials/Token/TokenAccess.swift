import HTTP
import Platform

/// One request to the token endpoint with its answer, for the access log.
package struct TokenAccess: Sendable {
  /// Milliseconds since 1970.
  package let time: Int64
  package let requestID: String
  package let remote: String
  package let method: String
  /// The `keyId`; nil if the request has no valid one.
  package var key: String?
  /// Why it has no key.
  package var refusal: KeyRefusal?
  package var status = 0
  package var microseconds: UInt64 = 0
  /// Nanoseconds of the monotonic clock.
  private let started: UInt64

  init(_ request: HTTPRequest, remote: String, _ environment: Environment) {
    time = environment.now()
    started = environment.monotonic()
    requestID = "token-\(environment.uuid().prefix(8))"
    self.remote = remote
    method = request.head.method.rawValue
  }

  func answered(_ status: Int, _ environment: Environment) -> TokenAccess {
    var access = self
    access.status = status
    access.microseconds = (environment.monotonic() &- started) / 1000
    return access
  }
}
