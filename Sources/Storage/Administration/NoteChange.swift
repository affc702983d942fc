package import JSON

/// The server's new observation.
package struct NoteChange: Sendable {
  package let directory: Directory
  package let key: String
  /// Nil if the note no longer exists.
  package let value: JSONValue?

  package init(directory: Directory, key: String, value: JSONValue?) {
    self.directory = directory
    self.key = key
    self.value = value
  }
}
