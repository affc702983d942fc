package import JSON
import Platform

extension Transaction {
  /// Keeps what the server observed under a key in place of what was there; nil removes it. It has no version and no
  /// history.
  /// - Parameter about: the resource whose values it contains; the note is removed when that is erased.
  package mutating func note(_ key: String, about: ResourceID? = nil, _ value: JSONValue?) {
    if state.notes[key] == value.map({ Note(about: about, value: $0) }) { return }
    changes.append(.note(key: key, about: about, value: value))
  }

  /// The note for a key after the steps so far, or nil.
  package func note(_ key: String) -> JSONValue? { state.notes[key]?.value }

  /// The keys that begin so, after the steps so far.
  package func noteKeys(withPrefix prefix: String) -> [String] { state.notes.keys(withPrefix: prefix) }
}

extension Directory {
  /// The note of a key, or nil.
  package func note(_ key: String) -> Pending<JSONValue?> {
    let (value, seq) = state.withLock { ($0.directory.notes[key]?.value, $0.directory.last) }
    return Pending(value, seq, journal)
  }

  /// Every note whose key has this prefix, in order of the keys; they need not be on disk yet.
  package func notes(withPrefix prefix: String) -> [(key: String, value: JSONValue)] {
    state.withLock { state in
      let notes = state.directory.notes
      return notes.keys(withPrefix: prefix).sorted().compactMap { key in
        notes[key].map { (key, $0.value) }
      }
    }
  }
}
