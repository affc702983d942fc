import Platform
package import SCIM

/// An administrative resource as it is from now on.
package struct AdministrativeChange: Sendable {
  package let directory: Directory
  package let type: ResourceType
  package let id: ResourceID
  /// Nil if it is gone.
  package let document: Document?
  /// Milliseconds since 1970; when it was created.
  package let created: Int64

  package init(
    directory: Directory, type: ResourceType, id: ResourceID, document: Document?, created: Int64
  ) {
    self.directory = directory
    self.type = type
    self.id = id
    self.document = document
    self.created = created
  }
}

/// Hands changes of administrative resources to the views that follow them, in the order of the records.
///
/// A follower is called under the lock of the directory that changed: it must be short and must not call that directory.
/// The record need not be on disk yet, so a follower shows nothing of it to anyone.
final class AdministrativeRelay: Sendable {
  typealias Follower = @Sendable (AdministrativeChange) -> Void

  private let followers = Locked<[Follower]>([])

  func follow(_ follower: @escaping Follower) { followers.withLock { $0.append(follower) } }

  func send(_ change: AdministrativeChange) {
    for follower in followers.withLock({ $0 }) { follower(change) }
  }
}
