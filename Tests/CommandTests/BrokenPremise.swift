/// What a test takes for granted does not hold: it fails, and is not skipped.
struct BrokenPremise: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
