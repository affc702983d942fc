import Platform

/// Combines a configuration: an option wins over a variable, a variable over the file, the file over the default.
///
/// An empty variable counts as absent: compose files and unit files often contain such.
struct ConfigurationLoader: Sendable {
  static let fileOption = Command.Option(
    name: "config", value: "FILE", help: "JSON file of settings.", variable: "SCIMD_CONFIG")

  let invocation: Invocation
  let console: Console

  /// Reads the file first and applies variables and options over it; throws for the first wrong value.
  func load() throws(CommandError) -> Configuration {
    var configuration = Configuration()
    try checkVariableNames()
    if let path = invocation.values["config"] ?? variable("SCIMD_CONFIG") {
      try ConfigurationFile(path: path).apply(to: &configuration)
    }
    for setting in Configuration.settings {
      if let text = variable(setting.variable) {
        try apply(setting, text, to: &configuration, .variable(setting.variable), .configuration)
      }
      if let text = invocation.values[setting.option] {
        try apply(setting, text, to: &configuration, .option("--\(setting.option)"), .usage)
      }
    }
    return configuration
  }

  private func variable(_ name: String) -> String? {
    console.variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Sets one value and records its origin; `code` is that of a wrong value.
  private func apply(
    _ setting: Setting, _ text: String, to configuration: inout Configuration, _ origin: SettingOrigin,
    _ code: ExitCode
  ) throws(CommandError) {
    if setting.name == "data" {
      configuration.overruledData.append(
        .init(text: configuration.data, origin: configuration.origin(of: setting.name)))
    }
    do throws(BadValue) {
      try setting.apply(&configuration, text)
    } catch {
      throw CommandError(code, "\(origin.place ?? setting.name): \(error.reason)")
    }
    configuration.origins[setting.name] = origin
  }

  /// Refuses a misspelt variable. Others with the same prefix are ignored, because orchestrators set them for a service
  /// named scimd (`SCIMD_SERVICE_HOST`, `SCIMD_PORT`).
  private func checkVariableNames() throws(CommandError) {
    let known =
      Configuration.settings.map(\.variable)
      + ["SCIMD_CONFIG", "SCIMD_SERVER", "SCIMD_KEY_FILE"]
    for name in console.variables.keys.sorted() where name.hasPrefix("SCIMD_") && !known.contains(name) {
      let rest = Array(name.utf8.dropFirst(6))
      let nearest = known.first { NearestName.edits(rest, Array($0.utf8.dropFirst(6))) <= 2 }
      guard let nearest, rest.count > 3 else { continue }
      throw CommandError(.configuration, "\(name) is not a setting; did you mean \(nearest)?")
    }
  }
}
