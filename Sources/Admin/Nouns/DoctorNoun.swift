import HTTP

/// Checks of the server, its machine, its data and its providers.
enum DoctorNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.root + "/doctor", "doctor", "show", .read,
        "Check the server, its machine, its data and its providers", answers: .json(.page(.named("Check")))
      ) { call in
        let patient = DoctorPatient(call.world)
        return AdminAnswer(
          items: DoctorCheck.all.map { CheckReport($0.name, $0.find(patient)).json }, next: nil)
      }.with { $0.isLong = true }
    ]
  }
}
