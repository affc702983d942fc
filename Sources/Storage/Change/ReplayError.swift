/// Why a record or a snapshot line that is whole cannot be understood: another version wrote it, or somebody edited it.
struct ReplayError: Error, CustomStringConvertible {
  let description: String
  /// True if the schemas are the cause, not the files.
  let isAboutSchemas: Bool

  init(_ description: String, isAboutSchemas: Bool = false) {
    self.description = description
    self.isAboutSchemas = isAboutSchemas
  }
}
