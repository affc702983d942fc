import Dispatch
import JSON
import Platform
import SCIM
import Storage

/// The result of checking a presented key or token.
package enum KeyCheck: Sendable, Equatable {
  case valid(APIKey)
  /// Not the shape or not the checksum of a secret: refused before any look-up.
  case malformed
  /// Unknown, expired or revoked: the answer does not say which.
  case invalid
}
