import JSON
import Platform
package import SCIM

/// An administrative resource as it is from now on.
package struct AdministrativeChange: Sendable {
  package let directory: Directory
  package let type: ResourceType
  package let id: ResourceID
  /// Nil if it no longer exists.
  package let document: Document?
  /// Milliseconds since 1970; when it was created.
  package let created: Int64
  /// The number of the record that changed it; 0 for what was there before anybody followed.
  package let seq: UInt64

  package init(
    directory: Directory, type: ResourceType, id: ResourceID, document: Document?, created: Int64,
    seq: UInt64 = 0
  ) {
    self.seq = seq
    self.directory = directory
    self.type = type
    self.id = id
    self.document = document
    self.created = created
  }
}
