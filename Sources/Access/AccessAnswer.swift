import Platform
import SCIM
import Storage

/// Whether somebody may do something.
package struct AccessAnswer: Sendable {
  package let isAllowed: Bool
  /// In a sentence.
  package let because: String
}
