import HTTP
import SCIM

/// The target of a path. The same routes are available below `/scim/v2`, `/v2` and `/`.
enum Route: Sendable {
  case root
  case rootSearch
  case collection(ResourceType)
  case search(ResourceType)
  /// The id as raw bytes of the path, escapes decoded.
  case resource(ResourceType, ArraySlice<UInt8>)
  case serviceProviderConfig
  case schemas
  case schema(String)
  case resourceTypes
  case resourceType(String)
  case bulk
  case me
  case live
  case ready
  /// `/v1/...`: a version of the protocol that is not served (RFC 7644 §3.13).
  case otherVersion
  case unknown
  /// A path with a percent escape that is malformed or not UTF-8.
  case malformed

  // Made once: every request is held against one of them.
  private static let reading: [HTTPMethod] = [.get]
  private static let listing: [HTTPMethod] = [.get, .post]
  private static let editing: [HTTPMethod] = [.get, .put, .patch, .delete]
  private static let posting: [HTTPMethod] = [.post]

  /// The methods of the route; empty if no endpoint exists.
  var methods: [HTTPMethod] {
    switch self {
    case .collection(let type): type.isReadOnly ? Route.reading : Route.listing
    case .resource(let type, _): type.isReadOnly ? Route.reading : Route.editing
    case .me: Route.editing
    case .search, .rootSearch, .bulk: Route.posting
    case .root, .serviceProviderConfig, .schemas, .schema, .resourceTypes, .resourceType, .live, .ready:
      Route.reading
    case .otherVersion, .unknown, .malformed: []
    }
  }

  /// The `Allow` field of the route.
  var allow: String {
    var names = methods.map(\.rawValue)
    if methods.contains(.get) { names.append("HEAD") }
    names.append("OPTIONS")
    return names.joined(separator: ", ")
  }

  /// The path without the parts that identify a resource, for logs and records.
  var template: String {
    switch self {
    case .root: "/"
    case .rootSearch: "/.search"
    case .collection(let type): type.endpoint
    case .search(let type): type.endpoint + "/.search"
    case .resource(let type, _): type.endpoint + "/{id}"
    case .serviceProviderConfig: "/ServiceProviderConfig"
    case .schemas: "/Schemas"
    case .schema: "/Schemas/{id}"
    case .resourceTypes: "/ResourceTypes"
    case .resourceType: "/ResourceTypes/{name}"
    case .bulk: "/Bulk"
    case .me: "/Me"
    case .live: "/livez"
    case .ready: "/readyz"
    case .otherVersion: "/{version}"
    case .unknown, .malformed: "?"
    }
  }

  /// The same in two parts, so that none has to be made.
  var templateParts: (String, StaticString) {
    switch self {
    case .resource(let type, _): (type.endpoint, "/{id}")
    case .search(let type): (type.endpoint, "/.search")
    default: (template, "")
    }
  }

  /// Asked every few seconds by whatever runs the server.
  var isProbe: Bool {
    switch self {
    case .live, .ready: true
    default: false
    }
  }

  /// Answered without a key: health for orchestrators, the configuration for clients that are being set up
  /// (RFC 7643 §5), and what is no URI at all.
  var isPublic: Bool {
    switch self {
    case .live, .ready, .serviceProviderConfig, .malformed: true
    default: false
    }
  }
}
