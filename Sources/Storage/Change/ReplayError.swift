/// Why a record or a snapshot line that is whole cannot be understood: another version wrote it, or somebody edited it.
struct ReplayError: Error, CustomStringConvertible {
  let description: String
  /// True where the schemas, not the files, are another.
  let isAboutSchemas: Bool

  init(_ description: String, isAboutSchemas: Bool = false) {
    self.description = description
    self.isAboutSchemas = isAboutSchemas
  }
}
