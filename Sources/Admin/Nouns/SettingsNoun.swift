import HTTP

/// The settings of the process that has locked the data folder.
enum SettingsNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.root + "/settings", "settings", "show", .read,
        "Show every setting, its value and where the value comes from",
        answers: .json(.page(.named("Setting")))
      ) { call in AdminAnswer(items: call.world.settings.map(\.json), next: nil) }
    ]
  }
}
