import JSON

/// An observation of the server: a value, and the resources whose values it contains.
struct Note: Sendable, Equatable {
  /// The resource whose erasure removes the note.
  let about: ResourceID?
  let value: JSONValue
}
