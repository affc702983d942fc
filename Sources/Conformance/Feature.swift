/// Optional features of a server; all but the last three are read from its discovery endpoints.
package enum Feature: String, Sendable, CaseIterable {
  /// Flags of ServiceProviderConfig.
  case patch, bulk, filter, sort, etag, changePassword
  /// RFC 9865's `pagination`; `index` also without it.
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
