/// The version of this program, by semantic versioning.
enum Version {
  static let text = "0.2.0"
}
