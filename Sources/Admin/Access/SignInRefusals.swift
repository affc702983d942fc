import Platform
import SCIM
import Storage

/// Why users may not sign in, as far as it had to be looked up in the history: once for each state of a user.
final class SignInRefusals: Sendable {
  private static let maxKept = 10_000

  private struct Key: Hashable {
    let directory: String
    let user: ResourceID
    let version: String
  }

  private let details = Locked<[Key: String]>([:])

  /// - Parameter find: reads the history.
  func detail(of user: ResourceID, in directory: Directory, _ find: () -> String) -> String {
    guard let type = directory.catalog.types.first(where: \.hasGroups),
      let resource = try? directory.read(type, Array(user.text.utf8)[...], members: false).whenDurable().get()
    else { return "" }
    let key = Key(directory: directory.name, user: user, version: resource.version)
    if let known = details.withLock({ $0[key] }) { return known }
    let found = find()
    details.withLock { details in
      if details.count >= Self.maxKept { details = [:] }
      details[key] = found
    }
    return found
  }
}
