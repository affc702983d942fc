/// A value that a setting does not accept, and why.
struct BadValue: Error, Sendable, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
