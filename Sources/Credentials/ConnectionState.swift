import JSON
import SCIM

/// Whether the requests of a connection are accepted.
package enum ConnectionState: String, Sendable, CaseIterable {
  case active
  /// Its requests are answered 503 until an administrator resumes it.
  case paused
  /// A job is removing it: its keys are refused.
  case removing
}
