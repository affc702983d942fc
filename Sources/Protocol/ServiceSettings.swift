import HTTP

/// What an admin can set of the service.
package struct ServiceSettings: Sendable {
  /// The base of every link, as `https://scim.example.com/scim/v2`; nil to use the request's host where it can be
  /// trusted.
  package var publicBase: String?
  /// The base of links where nothing better is known: the address that is listened on.
  package var localBase = "http://127.0.0.1:8080/scim/v2" {
    didSet { localAuthority = OwnHost.authority(of: localBase) }
  }
  /// Its `host:port`.
  private(set) var localAuthority = "127.0.0.1:8080"
  /// Addresses whose `X-Forwarded-*` is believed.
  package var trustedProxies: Set<String> = []
  /// Requests with a refused key that one address may send a minute, twice as many at first; 0 for no limit.
  package var failedKeysPerMinute = 20
  /// Most resources on one page.
  package var maxResults = 200
  /// Bytes after which a page ends, although fewer resources are on it than were asked for.
  package var maxPageBytes = 16 << 20
  /// Seconds for which a cursor leads to the next page.
  package var cursorTimeout = 3600
  /// What cursors are sealed with now; nil for something new in each process.
  package var cursorSecret: (@Sendable () -> [UInt8])?
  /// Most operations of one bulk request.
  package var maxBulkOperations = 1000
  /// PATCH answers 204 where the client does not ask for attributes.
  package var patchResponseIsMinimal = false
  /// Unknown attributes are refused.
  package var refusesUnknownAttributes = false
  /// Octets of one request body; told as Bulk's maxPayloadSize, and kept by the HTTP server's limit.
  package var maxBodyBytes = HTTPLimits.default.maxBodyBytes
  /// A PATCH on a group with more members answers without them, unless `attributes` asks for them.
  package var maxMembersInPatchResponse = 1000

  /// What `/Roles` and `/Entitlements` list; nil where they are not served.
  package var roles: RoleList?

  package init() {}
}
