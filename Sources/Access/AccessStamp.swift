import Platform
import Storage

/// What the access of a user was found in: the last record that shows in it, and how many grants held.
struct AccessStamp: Hashable {
  let seq: UInt64
  let held: Int
  /// As the policy said.
  let nests: Bool
}
