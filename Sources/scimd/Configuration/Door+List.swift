extension Door {
  /// The doors of a setting, in the order of all doors, each once.
  static func list(_ names: [String]) throws(BadValue) -> [Door] {
    for name in names where Door(rawValue: name) == nil {
      throw BadValue(
        "\"\(name)\" is not a door; there are \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard !names.isEmpty else { throw BadValue("lists no door") }
    return allCases.filter { names.contains($0.rawValue) }
  }
}
