import Exchange

/// A requirement of a case: a feature or an attribute, or the absence of a feature.
package enum Need: Sendable, CustomStringConvertible {
  case feature(Feature, isPresent: Bool)
  /// "User.name.givenName": an attribute that the schema of this resource type lists.
  case attribute(AttributeName)

  /// Reads "bulk", "!bulk" or the name of an attribute.
  init(_ text: String, _ reader: ScriptReader) throws(ScriptError) {
    if let attribute = AttributeName(text) {
      self = .attribute(attribute)
      return
    }
    let isPresent = !text.hasPrefix("!")
    self = .feature(
      try reader.word(isPresent ? text : String(text.dropFirst()), "feature"), isPresent: isPresent)
  }

  package var description: String {
    switch self {
    case .feature(let feature, isPresent: true): feature.rawValue
    case .feature(let feature, isPresent: false): "no \(feature.rawValue)"
    case .attribute(let name): name.description
    }
  }
}
