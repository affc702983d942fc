import HTTP
package import JSON

/// The admin API as an OpenAPI 3.1 document, generated from the table of routes.
package enum OpenAPI {
  /// The document for all routes; named schemas are components.
  package static func document(version: String) -> JSONValue {
    var paths = JSONObject()
    for route in AdminRoute.served {
      var path = paths[route.template]?.objectValue ?? ["parameters": .array(pathParameters(route))]
      path[route.method.rawValue.lowercased()] = operation(route)
      paths[route.template] = .object(path)
    }
    var schemas = JSONObject()
    for (name, schema) in AdminSchemas.named { schemas[name] = schema.json }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "scimd admin and application API", "version": .string(version.isEmpty ? "0" : version),
        "license": ["name": "See the repository"],
      ],
      "servers": [["url": "/"]],
      "paths": .object(paths),
      "components": [
        "schemas": .object(schemas),
        "responses": [
          "Problem": [
            "description": "The request is refused (RFC 9457).",
            "content": .object([
              AdminProblem.mediaType: ["schema": AdminSchema.named("Problem").json]
            ]),
          ]
        ],
      ],
    ]
  }

  private static func pathParameters(_ route: AdminRoute) -> [JSONValue] {
    route.pathParameters.map {
      ["name": .string($0), "in": "path", "required": true, "schema": ["type": "string"]]
    }
  }

  /// One method of a path, with its scope as `x-scope`.
  private static func operation(_ route: AdminRoute) -> JSONValue {
    var operation: JSONObject = [
      "operationId": .string(operationID(route)), "tags": [.string(route.noun)],
      "summary": .string(route.summary),
    ]
    if let scope = route.scope { operation["x-scope"] = .string(scope.rawValue) }
    var parameters = route.allParameters.map { parameter -> JSONValue in
      [
        "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
        "description": .string(parameter.help), "schema": parameter.schema,
      ]
    }
    if route.takesIfMatch {
      parameters.append(
        [
          "name": "If-Match", "in": "header", "required": false, "schema": ["type": "string"],
          "description": "The version that the resource must have; otherwise the answer is 412.",
        ])
    }
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if let body = route.body {
      operation["requestBody"] = [
        "required": true, "content": .object([body.mediaType: ["schema": body.schema.json]]),
      ]
    }
    var responses: JSONObject = [
      String(route.success.status): [
        "description": .string(route.summary),
        "content": .object([route.success.mediaType: ["schema": route.success.schema.json]]),
      ],
      "default": ["$ref": "#/components/responses/Problem"],
    ]
    if route.takesIfNoneMatch { responses["304"] = ["description": "The client already has this answer."] }
    operation["responses"] = .object(responses)
    return .object(operation)
  }

  /// Unique: the template distinguishes routes with the same noun and verb.
  private static func operationID(_ route: AdminRoute) -> String {
    let place = route.segments.filter { !$0.hasPrefix("{") }.drop { $0 == "admin" || $0 == "v1" }
    return
      ([route.method.rawValue.lowercased()] + place.map(String.init)
      + (["{id}", "{code}", "{topic}", "{link}", "{directory}", "{name}"].contains(route.segments.last)
        ? ["one"] : []))
      .joined(
        separator: "_")
  }
}
