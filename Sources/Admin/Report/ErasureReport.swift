package import JSON

/// The result of an erasure or of its dry run.
package struct ErasureReport: Sendable, Equatable {
  package let id: String
  /// The name of its resource type.
  package let type: String
  /// Its previous name; nil if it is no longer known.
  package let name: String?
  /// Files from which values were removed.
  package var rewritten: [String] = []
  /// Damaged files that may still have values.
  package var unreadable: [String] = []
  /// Why the files could not be rewritten yet; nil if they were.
  package var postponed: String?
  package var isDryRun = false

  package init(id: String, type: String, name: String?) {
    self.id = id
    self.type = type
    self.name = name
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "type": .string(type)]
    if let name { object["name"] = .string(name) }
    object["rewritten"] = .array(rewritten.map { .string($0) })
    object["unreadable"] = .array(unreadable.map { .string($0) })
    if let postponed { object["postponed"] = .string(postponed) }
    object["dryRun"] = .bool(isDryRun)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      id: try reader.text("id"), type: try reader.text("type"), name: try reader.optionalText("name"))
    rewritten = try reader.texts("rewritten")
    unreadable = try reader.texts("unreadable")
    postponed = try reader.optionalText("postponed")
    isDryRun = try reader.boolean("dryRun")
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("type", .text), .init("name", .text, optional: true),
    .init("rewritten", .list(.text)), .init("unreadable", .list(.text)),
    .init("postponed", .text, optional: true), .init("dryRun", .boolean),
  ])
}
