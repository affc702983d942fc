import Admin

/// Where the value of a setting came from.
enum SettingOrigin: Sendable, Equatable {
  case option(String)
  case variable(String)
  case file(String)
  case fallback

  /// A value and where it came from.
  struct Value: Sendable, Equatable {
    let text: String
    let origin: SettingOrigin
  }

  var text: String {
    switch self {
    case .option(let name): "from \(name)"
    case .variable(let name): "from \(name)"
    case .file(let path): "from \(path)"
    case .fallback: "the default"
    }
  }

  var source: SettingReport.Source {
    switch self {
    case .option: .option
    case .variable: .variable
    case .file: .file
    case .fallback: .fallback
    }
  }

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
