package import HTTP
import Platform
package import SCIM
import Storage

/// The refusal of a request for its credentials, as the client and the log get it.
package struct AuthorizationRefusal: Sendable {
  package let error: SCIMError
  /// How the client can go on: `WWW-Authenticate` or `Retry-After`.
  package let fields: [(name: FieldName, value: String)]
  /// For the log.
  package let reason: KeyRefusal

  init(_ error: SCIMError, _ fields: [(name: FieldName, value: String)], _ reason: KeyRefusal) {
    self.error = error
    self.fields = fields
    self.reason = reason
  }
}
