import JSON

/// What the server observed of something: a value, and whose values it holds.
struct Note: Sendable, Equatable {
  /// The resource whose erasure takes the note away.
  let about: ResourceID?
  let value: JSONValue
}
