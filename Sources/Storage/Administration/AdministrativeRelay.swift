import Platform

/// Hands changes of administrative resources and notes to the views that follow them, in the order of the records.
///
/// A follower is called under the lock of the directory that changed: it must be short and must not call that
/// directory. The record need not be on disk yet, so a follower shows nothing of it to anyone.
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
