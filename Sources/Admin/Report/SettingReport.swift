package import JSON

/// A setting with its value and origin.
package struct SettingReport: Sendable, Equatable {
  package enum Source: String, Sendable, CaseIterable {
    case option, variable, file, fallback = "default"
  }

  package let name: String
  /// As text; empty if nothing is set.
  package let value: String
  package let source: Source
  /// The option, variable or file; nil for a default.
  package let place: String?

  package init(name: String, value: String, source: Source, place: String?) {
    self.name = name
    self.value = value
    self.source = source
    self.place = place
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "value": .string(value), "source": .string(source.rawValue),
    ]
    if let place { object["place"] = .string(place) }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      name: try reader.text("name"), value: try reader.text("value"),
      source: Source(rawValue: try reader.text("source")) ?? .fallback,
      place: try reader.optionalText("place"))
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("value", .text), .init("source", .choice(Source.allCases.map(\.rawValue))),
    .init("place", .text, optional: true),
  ])
}
