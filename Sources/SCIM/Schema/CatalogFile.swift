package import JSON

/// A file of an administrator with a schema or a resource type in it.
package struct CatalogFile: Sendable {
  /// Its name in messages.
  package let name: String
  package let json: JSONValue

  package init(name: String, json: JSONValue) {
    self.name = name
    self.json = json
  }
}
