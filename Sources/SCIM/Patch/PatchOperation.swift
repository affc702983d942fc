package import JSON

/// One operation of a PATCH request, its path found in the schema and its dialect rewritten (RFC 7644 §3.5.2).
package struct PatchOperation: Sendable {
  package enum Kind: String, Sendable { case add, remove, replace }

  package let kind: Kind
  package let target: PatchTarget
  /// Nil for a `remove`, and if the client sent null: the target is to be unassigned. Of a `remove` of some members,
  /// their ids.
  package let value: JSONValue?
}

extension FilterExpression {
  /// The element that satisfies a conjunction of `eq` terms, with the client's own letters: `{"type": "work"}`. The
  /// terms have been bound: types fit.
  func template(
    of attribute: Attribute, at owner: AttributePath, _ type: ResourceType
  ) -> JSONObject? {
    switch self {
    case .and(let a, let b):
      guard var object = a.template(of: attribute, at: owner, type),
        let more = b.template(of: attribute, at: owner, type)
      else { return nil }
      for member in more.members {
        guard object[member.name] == nil || object[member.name] == member.value else { return nil }
        object[member.name] = member.value
      }
      return object
    case .compare(let name, .eq, let value):
      guard let sub = attribute.subAttributes[type.innerName(name, of: owner.schema)],
        sub.mutability != .readOnly, !sub.isSecret,
        !value.isNull
      else {
        return nil
      }
      var kept = value
      if sub.kind == .boolean, let flag = value.stringValue.flatMap(DialectRule.boolean(in:)) {
        kept = .bool(flag)
      }
      // A filter's operand need not be a value of the type: 1.0 for an integer, any text for a binary.
      guard sub.kind.accepts(kept) else { return nil }
      return JSONObject([.init(name: sub.name, value: sub.multiValued ? .array([kept]) : kept)])
    case .compare, .or, .not, .present, .values: return nil
    }
  }
}
