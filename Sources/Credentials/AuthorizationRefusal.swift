package import HTTP
import Platform
package import SCIM
import Storage

/// Why a request is not taken for what it has as credentials.
package struct AuthorizationRefusal: Sendable {
  package let error: SCIMError
  /// What the client can do next: `WWW-Authenticate` or `Retry-After`.
  package let fields: [(name: FieldName, value: String)]
  /// For the log.
  package let reason: KeyRefusal

  init(_ error: SCIMError, _ fields: [(name: FieldName, value: String)], _ reason: KeyRefusal) {
    self.error = error
    self.fields = fields
    self.reason = reason
  }
}
