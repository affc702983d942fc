import Credentials
package import JSON

/// The finding about a text that looks like a key or a token.
package struct KeyFindingReport: Sendable {
  /// key or token.
  package let form: String
  /// A part of it, by which people recognise it.
  package let hint: String
  /// Whether its checksum is right; otherwise it was cut, mistyped or invented.
  package let isWellFormed: Bool
  /// Whether it is valid now.
  package let isValid: Bool
  /// The number of the key's secret that it is, or was given for.
  package let generation: Int?
  /// Its owner; nil if the server or the caller does not know the key.
  package let key: KeyReport?
}

extension KeyFindingReport {
  /// - Parameter isVisible: whether the caller may see a key.
  init(_ finding: KeyFinding, world: AdminWorld, _ isVisible: (APIKey) -> Bool) {
    let owner = finding.owner.flatMap { isVisible($0.key) ? $0 : nil }
    self.init(
      form: finding.form.rawValue, hint: finding.hint, isWellFormed: finding.isWellFormed,
      isValid: owner.map { $0.isValid } ?? false, generation: owner?.generation,
      key: owner.map { KeyReport($0.key, world: world) })
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "form": .string(form), "hint": .string(hint), "checksum": .bool(isWellFormed), "valid": .bool(isValid),
    ]
    if let generation { object["generation"] = .integer(Int64(generation)) }
    if let key { object["key"] = key.json }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      form: try reader.text("form"), hint: try reader.text("hint"),
      isWellFormed: try reader.boolean("checksum"), isValid: try reader.boolean("valid"),
      generation: try reader.optionalInteger("generation"),
      key: try reader.optionalObject("key").map { (reader) throws(AdminProblem) in try KeyReport(reader) })
  }

  static let schema = AdminSchema.object([
    .init("form", .choice(["key", "token"])), .init("hint", .text), .init("checksum", .boolean),
    .init("valid", .boolean), .init("generation", .integer, optional: true),
    .init("key", .named("Key"), optional: true),
  ])
}
