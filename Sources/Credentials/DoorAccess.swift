package import Platform

/// One request to a door other than SCIM's with its answer, for the access log: no names, no bodies, no keys.
package struct DoorAccess: Sendable {
  /// Milliseconds since 1970.
  package let time: Int64
  package let requestID: String
  package let remote: String
  /// The subject of the certificate that the client presented; nil without one.
  package let certificate: String?
  package let method: String
  /// The path as its route describes it; `?` for one that is unknown.
  package let template: String
  /// The `keyId`; nil if the request had no valid key.
  package var key: String?
  /// That of the key; nil like it.
  package var directory: String?
  /// Why it has no key, if it needs one.
  package var refusal: KeyRefusal?
  /// Whether a page of the console sent it.
  package var isOfConsole = false
  package private(set) var status = 0
  package private(set) var nanoseconds: UInt64 = 0
  /// Nanoseconds of the monotonic clock.
  private let started: UInt64

  package init(
    method: String, template: String, requestID: String, remote: String, certificate: String? = nil,
    _ environment: Environment
  ) {
    time = environment.now()
    started = environment.monotonic()
    self.requestID = requestID
    self.remote = remote
    self.certificate = certificate
    self.method = method
    self.template = template
  }

  /// The same with the status of the answer and the time since the request began.
  package func answered(_ status: Int, _ environment: Environment) -> DoorAccess {
    var access = self
    access.status = status
    access.nanoseconds = environment.monotonic() &- started
    return access
  }
}
