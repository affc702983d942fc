package import Credentials
import HTTP
import Platform

/// One request to the admin API with its answer, for the access log: no names, no bodies, no keys.
package struct AdminAccess: Sendable {
  /// Milliseconds since 1970.
  package let time: Int64
  package let requestID: String
  package let remote: String
  package let method: String
  /// The path as its route describes it; `?` for one that is unknown.
  package let template: String
  /// The `keyId`; nil if the request has no valid key.
  package var key: String?
  /// Why it has no key, if it needs one.
  package var refusal: KeyRefusal?
  package private(set) var status = 0
  package private(set) var microseconds: UInt64 = 0
  /// Nanoseconds of the monotonic clock.
  private let started: UInt64

  init(_ head: HTTPRequestHead, _ route: AdminRoute?, remote: String, _ environment: Environment) {
    time = environment.now()
    started = environment.monotonic()
    requestID = AdminHandler.requestID(environment)
    self.remote = remote
    method = head.method.rawValue
    template = route?.template ?? "?"
  }

  func answered(_ response: HTTPResponse, _ environment: Environment) -> AdminAccess {
    var access = self
    access.status = response.status.rawValue
    access.microseconds = (environment.monotonic() &- started) / 1000
    return access
  }
}
