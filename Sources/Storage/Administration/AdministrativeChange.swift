package import JSON
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

/// What the server observed, as it is from now on.
package struct NoteChange: Sendable {
  package let directory: Directory
  package let key: String
  /// Nil if the note is gone.
  package let value: JSONValue?

  package init(directory: Directory, key: String, value: JSONValue?) {
    self.directory = directory
    self.key = key
    self.value = value
  }
}

/// Hands changes of administrative resources and notes to the views that follow them, in the order of the records.
///
/// A follower is called under the lock of the directory that changed: it must be short and must not call that directory.
/// The record need not be on disk yet, so a follower shows nothing of it to anyone.
final class AdministrativeRelay: Sendable {
  typealias Follower = @Sendable (AdministrativeChange) -> Void

  typealias NoteFollower = @Sendable (NoteChange) -> Void

  private let followers = Locked<[Follower]>([])
  private let noteFollowers = Locked<[NoteFollower]>([])

  func follow(_ follower: @escaping Follower) { followers.withLock { $0.append(follower) } }

  func send(_ change: AdministrativeChange) {
    for follower in followers.withLock({ $0 }) { follower(change) }
  }

  func followNotes(_ follower: @escaping NoteFollower) { noteFollowers.withLock { $0.append(follower) } }

  func send(_ change: NoteChange) {
    for follower in noteFollowers.withLock({ $0 }) { follower(change) }
  }
}
