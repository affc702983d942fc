/// One setting: its names in the three places it can be given, its default, its meaning.
struct Setting: Sendable {
  /// The type it has in the configuration file.
  enum Kind: Sendable {
    case text, integer, boolean, list
  }

  /// The member of the configuration file, such as `maxResults`.
  let name: String
  /// The option without dashes, such as `max-results`.
  let option: String
  /// The environment variable, such as `SCIMD_MAX_RESULTS`.
  let variable: String
  /// The placeholder for the value in the help; nil for a switch.
  let placeholder: String?
  let meaning: String
  let kind: Kind
  /// The value as text; a list is joined with commas.
  let read: @Sendable (Configuration) -> String
  /// Sets the value from its text; throws for one that is not valid.
  let apply: @Sendable (inout Configuration, String) throws(BadValue) -> Void

  /// The option and the variable follow from the name: `maxResults`, `--max-results`, `SCIMD_MAX_RESULTS`.
  init(
    _ name: String, _ placeholder: String?, _ meaning: String, _ kind: Kind,
    read: @escaping @Sendable (Configuration) -> String,
    apply: @escaping @Sendable (inout Configuration, String) throws(BadValue) -> Void
  ) {
    self.name = name
    let words = Self.words(of: name)
    option = words.joined(separator: "-")
    variable = "SCIMD_" + words.joined(separator: "_").uppercased()
    self.placeholder = placeholder
    self.meaning = meaning
    self.kind = kind
    self.read = read
    self.apply = apply
  }

  /// The default as text; "none" if nothing is set.
  var fallback: String {
    let text = read(Configuration())
    return text.isEmpty ? "none" : text
  }

  /// `insecurePlainHTTP` -> `insecure`, `plain`, `http`.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var wasUpper = true
    for scalar in name.unicodeScalars {
      let isUpper = scalar.properties.isUppercase
      if (isUpper && !wasUpper) || words.isEmpty { words.append("") }
      words[words.count - 1] += String(scalar).lowercased()
      wasUpper = isUpper
    }
    return words
  }
}

// The shapes of settings that `Configuration.settings` is written in.
extension Setting {
  /// A setting whose text `apply` reads.
  static func text(
    _ name: String, _ placeholder: String, _ meaning: String,
    read: @escaping @Sendable (Configuration) -> String, kind: Kind = .text,
    apply: @escaping @Sendable (inout Configuration, String) throws(BadValue) -> Void
  ) -> Setting {
    Setting(name, placeholder, meaning, kind, read: read, apply: apply)
  }

  /// A setting of items separated by commas.
  static func list(
    _ name: String, _ placeholder: String, _ meaning: String,
    read: @escaping @Sendable (Configuration) -> [String],
    apply: @escaping @Sendable (inout Configuration, [String]) throws(BadValue) -> Void
  ) -> Setting {
    Setting(name, placeholder, meaning, .list, read: { read($0).joined(separator: ",") }) {
      configuration, text throws(BadValue) in
      let items = text.split(separator: ",").map { String($0.drop { $0 == " " }) }
      try apply(&configuration, items)
    }
  }

  /// A setting that is on or off.
  static func `switch`(
    _ name: String, _ meaning: String, _ path: any WritableKeyPath<Configuration, Bool> & Sendable
  ) -> Setting {
    Setting(name, nil, meaning, .boolean, read: { $0[keyPath: path] ? "true" : "false" }) {
      configuration, text throws(BadValue) in
      switch text {
      case "true": configuration[keyPath: path] = true
      case "false": configuration[keyPath: path] = false
      default: throw BadValue("\"\(text)\" is neither true nor false")
      }
    }
  }

  /// A whole number within a range.
  static func integer(
    _ name: String, _ meaning: String, _ range: ClosedRange<Int>,
    _ path: any WritableKeyPath<Configuration, Int> & Sendable
  ) -> Setting {
    Setting(name, "N", meaning, .integer, read: { String($0[keyPath: path]) }) {
      configuration, text throws(BadValue) in
      configuration[keyPath: path] = try integer(text, in: range)
    }
  }

  /// A number of requests per second, or `off`.
  static func rate(
    _ name: String, _ meaning: String, _ path: any WritableKeyPath<Configuration, Int?> & Sendable
  ) -> Setting {
    Setting(name, "N|off", meaning, .text, read: { $0[keyPath: path].map { String($0) } ?? "off" }) {
      configuration, text throws(BadValue) in
      configuration[keyPath: path] = text == "off" ? nil : try integer(text, in: 1...1_000_000)
    }
  }

  /// A whole number of seconds, an hour at most.
  static func seconds(
    _ name: String, _ meaning: String, _ path: any WritableKeyPath<Configuration, Double> & Sendable
  ) -> Setting {
    Setting(name, "N", meaning, .integer, read: { String(Int($0[keyPath: path])) }) {
      configuration, text throws(BadValue) in
      configuration[keyPath: path] = Double(try integer(text, in: 1...3600))
    }
  }

  /// One of the cases of an enumeration.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ meaning: String, _ path: any WritableKeyPath<Configuration, Choice> & Sendable
  ) -> Setting {
    let choices = Choice.allCases.map(\.rawValue)
    let placeholder = choices.joined(separator: "|")
    return Setting(name, placeholder, meaning, .text, read: { $0[keyPath: path].rawValue }) {
      configuration, text throws(BadValue) in
      guard let choice = Choice(rawValue: text) else {
        throw BadValue("\"\(text)\" is not one of \(choices.joined(separator: ", "))")
      }
      configuration[keyPath: path] = choice
    }
  }

  /// The name of a file or folder.
  static func path(_ text: String) throws(BadValue) -> String {
    guard !text.isEmpty else { throw BadValue("must not be empty") }
    return text
  }

  /// A whole number within `range`.
  static func integer(_ text: String, in range: ClosedRange<Int>) throws(BadValue) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw BadValue("\"\(text)\" is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
