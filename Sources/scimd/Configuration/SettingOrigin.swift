import Admin

/// The origin of a setting's value.
enum SettingOrigin: Sendable, Equatable {
  case option(String)
  case variable(String)
  case file(String)
  case fallback

  /// A value and its origin.
  struct Value: Sendable, Equatable {
    let text: String
    let origin: SettingOrigin
  }

  /// `from --data`, or `the default`.
  var text: String {
    switch self {
    case .option(let name): "from \(name)"
    case .variable(let name): "from \(name)"
    case .file(let path): "from \(path)"
    case .fallback: "the default"
    }
  }

  /// The same without its name, for the admin API.
  var source: SettingReport.Source {
    switch self {
    case .option: .option
    case .variable: .variable
    case .file: .file
    case .fallback: .fallback
    }
  }

  /// The name of the option, variable or file; nil for the default.
  var place: String? {
    switch self {
    case .option(let place), .variable(let place), .file(let place): place
    case .fallback: nil
    }
  }
}

extension Configuration {
  /// Every setting with its value and origin, in the order of the help.
  var report: [SettingReport] {
    Self.settings.map { setting in
      let origin = origin(of: setting.name)
      return SettingReport(
        name: setting.name, value: setting.read(self), source: origin.source, place: origin.place)
    }
  }
}
