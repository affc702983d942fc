package import SCIM

/// A resource that a connection manages.
package struct ManagedResource: Sendable {
  package let type: ResourceType
  package let id: ResourceID
  /// False for a user that is deactivated.
  package let isActive: Bool
}
