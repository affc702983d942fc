/// An error in a file of schemas.
package struct CatalogProblem: Sendable, Equatable, CustomStringConvertible {
  package let file: String
  package let error: SchemaError

  package init(file: String, _ error: SchemaError) {
    self.file = file
    self.error = error
  }

  /// `device.json, /attributes/2/type: ...`.
  package var description: String {
    error.pointer.isEmpty ? "\(file): \(error)" : "\(file), \(error)"
  }
}
