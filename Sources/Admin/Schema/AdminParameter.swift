package import JSON

/// A parameter of a query.
package struct AdminParameter: Sendable {
  package enum Kind: Sendable {
    case text(maxBytes: Int)
    case integer(ClosedRange<Int>, fallback: Int)
    /// `true` or `false`; false if absent.
    case flag
    case choice([String])
  }

  package let name: String
  package let kind: Kind
  package let help: String
  package var isRequired = false

  init(_ name: String, _ kind: Kind, _ help: String, isRequired: Bool = false) {
    self.name = name
    self.kind = kind
    self.help = help
    self.isRequired = isRequired
  }

  static let dryRun = AdminParameter("dryRun", .flag, "Show what would happen, and change nothing.")
  static let newDirectory = AdminParameter(
    "newDirectory", .flag, "Create the directory if it does not exist.")
  static let page = [
    AdminParameter("limit", .integer(1...500, fallback: 50), "Maximum items per page."),
    AdminParameter("cursor", .text(maxBytes: 256), "`next` of the previous page."),
  ]

  /// The JSON schema of the value, for OpenAPI.
  package var schema: JSONValue {
    switch kind {
    case .text(let maxBytes): ["type": "string", "maxLength": .integer(Int64(maxBytes))]
    case .integer(let range, let fallback):
      [
        "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)), "default": .integer(Int64(fallback)),
      ]
    case .flag: ["type": "boolean", "default": false]
    case .choice(let values): ["type": "string", "enum": .array(values.map { .string($0) })]
    }
  }
}
