import JSON

/// The latest note of each key.
struct NoteTable: Sendable {
  private var notes: [String: Note] = [:]

  subscript(key: String) -> Note? {
    get { notes[key] }
    set { notes[key] = newValue }
  }

  var count: Int { notes.count }

  /// In order of the keys.
  var keys: [String] { notes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

  func keys(withPrefix prefix: String) -> [String] { notes.keys.filter { $0.hasPrefix(prefix) } }

  func keys(about id: ResourceID) -> [String] { notes.filter { $0.value.about == id }.map(\.key) }
}
