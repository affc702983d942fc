/// Why a definition of a schema or of a resource type cannot be used.
package struct SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where in the definition, as a JSON pointer (RFC 6901); empty for all of it.
  package let pointer: String
  package let reason: String

  package init(_ pointer: String, _ reason: String) {
    self.pointer = pointer
    self.reason = reason
  }

  /// `/attributes/2/type: "text" is not ...`.
  package var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
}
