import JSON

/// The server's discovery documents; a missing document is empty.
package struct ServerFacts: Sendable {
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  let config: JSONValue
  let resourceTypes: JSONValue
  let schemas: JSONValue
  package internal(set) var features: Set<Feature>

  /// A server that does not mention pagination is expected to page by index.
  init(config: JSONValue?, resourceTypes: JSONValue?, schemas: JSONValue?) {
    self.config = config ?? .object([:])
    self.resourceTypes = resourceTypes ?? .object([:])
    self.schemas = schemas ?? .object([:])
    features = []
    for feature in [Feature.patch, .bulk, .filter, .sort, .etag, .changePassword]
    where self.config[feature.rawValue]?["supported"] == true {
      features.insert(feature)
    }
    let pagination = self.config["pagination"]
    if pagination?["cursor"] == true { features.insert(.cursor) }
    if pagination == nil || pagination?["index"] == true { features.insert(.index) }
    readResourceTypes()
  }

  /// Finds out which types and extensions the server has.
  private mutating func readResourceTypes() {
    let types = resourceTypes["Resources"]?.arrayValue ?? []
    func type(at endpoint: String) -> JSONValue? {
      types.first { $0["endpoint"]?.stringValue?.lowercased() == endpoint }
    }
    // Without a list: what RFC 7644 §3.2 names.
    if types.isEmpty || type(at: "/users") != nil { features.insert(.users) }
    if types.isEmpty || type(at: "/groups") != nil { features.insert(.groups) }
    if type(at: "/testresources") != nil { features.insert(.custom) }
    let extensions = type(at: "/users")?["schemaExtensions"]?.arrayValue ?? []
    if extensions.contains(where: { $0["schema"]?.stringValue?.lowercased() == Self.enterprise.lowercased() })
    {
      features.insert(.enterprise)
    }
  }

  /// The missing feature; nil if the server has everything needed.
  func lack(of need: Need) -> String? {
    let isMet: Bool
    switch need {
    case .feature(let feature, let isPresent): isMet = features.contains(feature) == isPresent
    case .attribute(let name): isMet = has(name)
    }
    return isMet ? nil : "needs \(need)"
  }

  /// Whether the published schema lists the attribute; true where no schemas are published.
  private func has(_ name: AttributeName) -> Bool {
    guard let schemas = schemas["Resources"]?.arrayValue, !schemas.isEmpty else { return true }
    let schema = schemas.first { $0["id"]?.stringValue?.lowercased() == name.schema.lowercased() }
    var attributes = schema?["attributes"]?.arrayValue ?? []
    for part in name.path {
      let found = attributes.first { $0["name"]?.stringValue?.lowercased() == part.lowercased() }
      guard let found else { return false }
      attributes = found["subAttributes"]?.arrayValue ?? []
    }
    return true
  }
}
