import JSON

/// The identity of a value of a multi-valued attribute: `value` and `type` as they compare in a filter, or the whole
/// value if it has no `value`.
enum ValueIdentity: Hashable {
  case pair(Part, Part)
  case whole(Part)

  enum Part: Hashable {
    case absent
    case folded(TextKey)
    case exact(ByteString)

    init(_ value: JSONValue?, _ attribute: Attribute?) {
      guard let value else {
        self = .absent
        return
      }
      if let text = value.stringValue, attribute?.comparesExactly == false {
        self = .folded(TextKey(folding: text))
      } else {
        self = .exact(ByteString(value.serializedText))
      }
    }
  }

  /// `value` alone identifies too little: a number can be both work and mobile.
  init(_ value: JSONValue, of attribute: Attribute) {
    if let own = value["value"] {
      let parts = attribute.subAttributes
      self = .pair(Part(own, parts["value"]), Part(value["type"], parts["type"]))
    } else {
      self = .whole(Part(value, attribute.kind == .complex ? nil : attribute))
    }
  }
}
