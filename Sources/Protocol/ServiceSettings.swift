package import Access
import HTTP

/// The settings of the service that an administrator can change.
package struct ServiceSettings: Sendable {
  /// The base of every link, as `https://scim.example.com/scim/v2`; nil to use the request's host if it can be trusted.
  package var publicBase: String?
  /// The fallback base of links: the address that the server listens on.
  package var localBase = "http://127.0.0.1:8080/scim/v2" {
    didSet { localAuthority = OwnHost.authority(of: localBase) }
  }
  /// Its `host:port`.
  private(set) var localAuthority = "127.0.0.1:8080"
  /// Addresses whose `X-Forwarded-*` is believed.
  package var trustedProxies: Set<String> = []
  /// Requests with a refused key that one address may send per minute, twice as many at first; 0 for no limit.
  package var failedKeysPerMinute = 20
  /// Maximum resources on one page.
  package var maxResults = 200
  /// Bytes after which a page ends, even with fewer resources than requested.
  package var maxPageBytes = 16 << 20
  /// How long a cursor stays valid, in seconds.
  package var cursorTimeout = 3600
  /// The current secret that seals cursors; nil for a new one in each process.
  package var cursorSecret: (@Sendable () -> [UInt8])?
  /// Maximum operations in one bulk request.
  package var maxBulkOperations = 1000
  /// PATCH answers 204 unless the client asks for attributes.
  package var patchResponseIsMinimal = false
  /// Unknown attributes are refused.
  package var refusesUnknownAttributes = false
  /// Maximum octets of one request body; announced as Bulk's maxPayloadSize and enforced by the HTTP server.
  package var maxBodyBytes = HTTPLimits.default.maxBodyBytes
  /// A PATCH on a group with more members answers without them, unless `attributes` includes them.
  package var maxMembersInPatchResponse = 1000

  /// The contents of `/Roles` and `/Entitlements`; nil if they are not served.
  package var roles: RoleSource?

  /// Roles, targets and grants; nil if they are not kept.
  package var access: AccessIndex?

  package init() {}
}
