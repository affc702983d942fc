/// What a check saw, and what to do about it.
enum DoctorFinding: Sendable {
  case ok(String)
  case warning(String, fix: String)
  case failed(String, fix: String)
  case skipped(String)
}

/// One thing that the doctor looks at. Checks change nothing.
package struct DoctorCheck: Sendable {
  package let name: String
  /// What is looked at, for the documentation.
  package let about: String
  let find: @Sendable (DoctorPatient) -> DoctorFinding

  init(_ name: String, _ about: String, _ find: @escaping @Sendable (DoctorPatient) -> DoctorFinding) {
    self.name = name
    self.about = about
    self.find = find
  }

  /// In the order in which they are shown: how the server is reached, the machine, the data, the
  /// providers, the applications.
  package static let all: [DoctorCheck] =
    reachability + exposure + machine + data + keys + providers + applications
}
