package import JSON

/// A file of an administrator with a schema or a resource type in it.
package struct CatalogFile: Sendable {
  /// As messages name it.
  package let name: String
  package let json: JSONValue

  package init(name: String, json: JSONValue) {
    self.name = name
    self.json = json
  }
}

/// What is wrong with a file of schemas.
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

/// All that is wrong with a folder of schemas.
package struct CatalogError: Error, Sendable {
  /// At least one.
  package let problems: [CatalogProblem]

  package init(_ problems: [CatalogProblem]) { self.problems = problems }
}
