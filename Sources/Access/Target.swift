package import JSON
import SCIM

/// What a scoped role applies to, such as a namespace: the value of a resource of type Target.
package struct Target: Sendable, Equatable {
  package let kind: String
  package let value: String
  package var display: String?

  package init(kind: String, value: String, display: String? = nil) {
    self.kind = kind
    self.value = value
    self.display = display
  }

  /// `namespace:payments`; letter case does not distinguish targets.
  package var name: String { "\(kind):\(value)" }

  /// From such a text; nil if it is not one.
  package init?(name: String) {
    guard let colon = name.firstIndex(of: ":") else { return nil }
    let (kind, value) = (String(name[..<colon]), String(name[name.index(after: colon)...]))
    guard AccessNames.isName(kind), AccessNames.isTargetValue(value) else { return nil }
    self.init(kind: kind, value: value)
  }
}

extension Target {
  /// Nil if the document is not that of a target.
  init?(_ document: Document) {
    let attributes = document.attributes
    guard let kind = attributes["kind"]?.stringValue, let value = attributes["value"]?.stringValue else {
      return nil
    }
    self.init(kind: kind, value: value, display: attributes["display"]?.stringValue)
  }

  var document: Document {
    var attributes: JSONObject = ["name": .string(name)]
    attributes.members += json.members
    return Document(attributes)
  }

  /// As files, the API and the log have it.
  package var json: JSONObject {
    var object: JSONObject = ["kind": .string(kind), "value": .string(value)]
    if let display { object["display"] = .string(display) }
    return object
  }

  /// Throws with the place of what is wrong.
  package init(json: JSONValue) throws(AccessError) {
    let reader = try AccessReader(json, "a target", ["kind", "value", "display"])
    self.init(
      kind: try reader.required("kind"), value: try reader.required("value"),
      display: try reader.text("display"))
    guard AccessNames.isName(kind) else {
      throw AccessError(
        "/kind", "must be 1 to \(AccessNames.maxNameBytes) letters, digits, . _ and - of ASCII")
    }
    guard AccessNames.isTargetValue(value) else {
      throw AccessError(
        "/value",
        "must be 1 to \(AccessNames.maxTargetBytes) bytes without control characters and without spaces at its ends"
      )
    }
    try AccessNames.check(display, "/display")
  }
}
