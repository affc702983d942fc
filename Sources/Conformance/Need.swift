import Exchange

/// What a case needs of the server: a feature or an attribute, or the absence of a feature.
package enum Need: Sendable, CustomStringConvertible {
  case feature(Feature, isPresent: Bool)
  /// "User.name.givenName": an attribute that the schema of this resource type lists.
  case attribute(AttributeName)

  init(_ text: String, _ reader: ScriptReader) throws(ScriptError) {
    if let attribute = AttributeName(text) {
      self = .attribute(attribute)
      return
    }
    let isPresent = !text.hasPrefix("!")
    self = .feature(
      try reader.word(isPresent ? text : String(text.dropFirst()), "feature"), isPresent: isPresent)
  }

  package var description: String {
    switch self {
    case .feature(let feature, isPresent: true): feature.rawValue
    case .feature(let feature, isPresent: false): "no \(feature.rawValue)"
    case .attribute(let name): name.description
    }
  }
}

/// What a server may have; all but the last three are read from its discovery endpoints.
package enum Feature: String, Sendable, CaseIterable {
  /// Flags of ServiceProviderConfig.
  case patch, bulk, filter, sort, etag, changePassword
  /// RFC 9865's `pagination`; `index` also where that is not there.
  case cursor, index
  /// Listed by /ResourceTypes.
  case users, groups
  /// The enterprise extension of users, listed by /ResourceTypes.
  case enterprise
  /// A resource type at /TestResources, as the scim2 test suite defines it.
  case custom
  /// GET /Me leads to a resource.
  case me
  /// The run has a key of another tenant.
  case otherKey
  /// The run may send PUT, PATCH and DELETE to collections and discovery endpoints, which refuse them.
  case intrusive
}

/// "User.emails.type", "Group.members", "Enterprise.manager": a path in a published schema.
package struct AttributeName: Sendable, CustomStringConvertible {
  private static let schemas = [
    "User": "urn:ietf:params:scim:schemas:core:2.0:User",
    "Group": "urn:ietf:params:scim:schemas:core:2.0:Group",
    "Enterprise": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  ]

  package let description: String
  let schema: String
  let path: [String]

  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, let schema = Self.schemas[parts[0]] else { return nil }
    description = text
    self.schema = schema
    path = Array(parts.dropFirst())
  }
}
