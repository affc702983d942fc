import Credentials
import HTTP
import JSON
import SCIM

/// `/ServiceProviderConfig`, `/Schemas` and `/ResourceTypes` (RFC 7644 §4), from the catalog and settings in use.
struct Discovery: Sendable {
  private let catalog: Catalog
  private let settings: ServiceSettings

  /// Adds the types of `/Roles` and `/Entitlements`, if they are served.
  init(_ catalog: Catalog, _ settings: ServiceSettings) {
    let listed = settings.roles?.catalog
    var (schemas, types) = (catalog.schemas, catalog.types)
    if case .directory(let roles) = settings.roles {
      schemas.append(roles.userAccess)
      types = types.map { $0.hasGroups ? $0.extended(by: roles.userAccess) : $0 }
    }
    self.catalog = Catalog(
      schemas: schemas + (listed?.schemas ?? []), types: types + (listed?.types ?? []))
    self.settings = settings
  }

  /// Throws 404 for an unknown schema or type, 403 for a filter, 406 for a media type that cannot be sent.
  /// - Parameter events: the URIs of security events that the directory's streams have.
  func response(
    to scope: RequestScope, securityEvents events: [String] = []
  ) throws(SCIMError) -> HTTPResponse {
    let mediaType = try MediaTypes.answer(to: scope.head)
    let base = scope.base
    let body: JSONValue
    switch scope.route {
    case .serviceProviderConfig:
      body = configuration(base, scope.service.authorization.kinds(for: scope.request), events)
    case .schemas:
      try Discovery.refuseFilter(scope)
      body = Discovery.list(catalog.schemas.map { schema($0, base) })
    case .resourceTypes:
      try Discovery.refuseFilter(scope)
      body = Discovery.list(catalog.types.map { resourceType($0, base) })
    case .schema(let urn):
      guard let found = catalog.schema(urn: urn) else { throw .notFound("Schema \(urn.prefix(128))") }
      body = schema(found, base)
    case .resourceType(let name):
      guard let found = catalog.types.first(where: { CaseFolding.sameName($0.name, name) }) else {
        throw .notFound("ResourceType \(name.prefix(128))")
      }
      body = resourceType(found, base)
    default: throw SCIMError(.noSuchEndpoint, "No such endpoint exists.")
    }
    var response = HTTPResponse(status: .ok, body: .bytes(body.serialized()))
    response.fields.append(.contentType, mediaType)
    return response
  }

  /// 503 once the server is draining.
  static func health(_ isWell: Bool) -> HTTPResponse {
    var response = HTTPResponse(
      status: isWell ? .ok : .serviceUnavailable,
      body: .bytes(Array((isWell ? "{\"status\":\"ok\"}" : "{\"status\":\"draining\"}").utf8)))
    response.fields.append(.contentType, "application/json")
    return response
  }

  /// A filter would suggest that the list is incomplete (RFC 7644 §4).
  private static func refuseFilter(_ scope: RequestScope) throws(SCIMError) {
    guard let query = scope.head.query, let parsed = try? Query(query),
      parsed.parameters.contains(where: {
        CaseFolding.sameName($0.name, "filter") && $0.value?.isEmpty == false
      })
    else { return }
    throw SCIMError(.filterNotSupported, "\(scope.route.template) cannot be filtered.")
  }

  /// All resources on one page: these lists are never paged.
  private static func list(_ resources: [JSONValue]) -> JSONValue {
    let count = JSONValue.integer(Int64(resources.count))
    return [
      "schemas": [.string(SchemaURN.listResponse)], "totalResults": count, "startIndex": 1,
      "itemsPerPage": count,
      "Resources": .array(resources),
    ]
  }

  private func schema(_ schema: Schema, _ base: String) -> JSONValue {
    var object: JSONObject = ["schemas": [.string(SchemaURN.schema)]]
    object.members.append(contentsOf: schema.definition.members)
    object["meta"] = Discovery.meta("Schema", "\(base)/Schemas/\(schema.id)")
    return .object(object)
  }

  private func resourceType(_ type: ResourceType, _ base: String) -> JSONValue {
    [
      "schemas": [.string(SchemaURN.resourceType)],
      "id": .string(type.name), "name": .string(type.name), "endpoint": .string(type.endpoint),
      "description": .string(type.description), "schema": .string(type.schema.id),
      "schemaExtensions": .array(
        type.extensions.map { ["schema": .string($0.schema.id), "required": .bool($0.required)] }),
      "meta": Discovery.meta("ResourceType", "\(base)/ResourceTypes/\(type.name)"),
    ]
  }

  /// The first of the kinds is marked as the primary one.
  private func configuration(
    _ base: String, _ kinds: [Authorization.Kind], _ events: [String]
  ) -> JSONValue {
    var configuration = capabilities
    configuration["authenticationSchemes"] = .array(
      kinds.map { AuthenticationScheme.json($0, isPrimary: $0 == kinds.first, base: base) })
    if let roles = settings.roles {
      configuration["RolesAndEntitlements"] = RoleList.capabilities(roles.catalog)
    }
    // RFC 9967 §4.
    if !events.isEmpty {
      configuration["securityEvents"] = [
        "asyncRequest": "none", "eventUris": .array(events.map { .string($0) }),
      ]
    }
    configuration["meta"] = Discovery.meta("ServiceProviderConfig", "\(base)/ServiceProviderConfig")
    return .object(configuration)
  }

  /// RFC 7643 §5, with `pagination` of RFC 9865 §4.
  private var capabilities: JSONObject {
    [
      "schemas": [.string(SchemaURN.serviceProviderConfig)],
      "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
      "patch": ["supported": true],
      "bulk": [
        "supported": true, "maxOperations": .integer(Int64(settings.maxBulkOperations)),
        "maxPayloadSize": .integer(Int64(settings.maxBodyBytes)),
      ],
      "filter": ["supported": true, "maxResults": .integer(Int64(settings.maxResults))],
      "changePassword": ["supported": false],
      "sort": ["supported": true],
      "etag": ["supported": true],
      "pagination": [
        "cursor": true, "index": true, "defaultPaginationMethod": "index",
        "defaultPageSize": .integer(Int64(settings.maxResults)),
        "maxPageSize": .integer(Int64(settings.maxResults)),
        "cursorTimeout": .integer(Int64(settings.cursorTimeout)),
      ],
    ]
  }

  private static func meta(_ type: String, _ location: String) -> JSONValue {
    ["resourceType": .string(type), "location": .string(location)]
  }
}
