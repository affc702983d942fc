package import JSON

/// `bulkId:x`, which stands for the id of a resource that another operation of the same request creates (RFC 7644 §3.7.2).
/// Only references may contain it: `value` and `$ref` of `members` or `manager` and attributes of the type reference, the
/// filters in a PATCH's paths that ask for one, and the path of the operation. Other text that begins like one is text.
package struct BulkReferences {
  private static let prefix = "bulkId:"

  /// The type of the resource that the operation is about; nil if its path names none.
  private let type: ResourceType?
  /// The id for a bulkId; nil leaves the reference as it is.
  private let id: (String) -> String?

  private init(_ type: ResourceType?, _ id: @escaping (String) -> String?) {
    self.type = type
    self.id = id
  }

  /// The bulkId that a whole text refers to.
  package static func target(of text: String) -> String? {
    text.utf8.starts(with: prefix.utf8) ? String(text.utf8.dropFirst(prefix.utf8.count)) : nil
  }

  /// The bulkIds that an operation refers to, each once, in order.
  package static func targets(of operation: BulkOperation, on type: ResourceType?) -> [String] {
    var targets: [String] = []
    var seen = Set<String>()
    func take(_ id: String) -> String? {
      if seen.insert(id).inserted { targets.append(id) }
      return nil
    }
    withoutActuallyEscaping(take) { take in
      let references = BulkReferences(type, take)
      if let path = operation.path { _ = references.replaced(inLink: path) }
      if let data = operation.data { _ = references.replaced(inBody: data, operation.method == .patch) }
    }
    return targets
  }

  /// The body of an operation with every reference replaced by what `id` gives for its bulkId, if that is not nil.
  package static func replaced(
    in data: JSONValue, of operation: BulkOperation, on type: ResourceType?, _ id: (String) -> String?
  ) -> JSONValue {
    withoutActuallyEscaping(id) { id in
      BulkReferences(type, id).replaced(inBody: data, operation.method == .patch)
    }
  }

  /// `/Users/bulkId:x`, or `bulkId:x` alone.
  private func replaced(inLink text: String) -> String {
    let bytes = Array(text.utf8)
    let start = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    guard let target = BulkReferences.target(of: String(decoding: bytes[start...], as: UTF8.self)),
      let id = id(target)
    else { return text }
    return String(decoding: bytes[..<start], as: UTF8.self) + id
  }

  // MARK: Bodies

  /// The body of a POST, PUT or PATCH, whose members are attributes or operations.
  private func replaced(inBody json: JSONValue, _ isPatch: Bool) -> JSONValue {
    guard isPatch else { return replaced(inAttributes: json) }
    // Some clients send the operations alone.
    if case .array(let operations) = json { return .array(operations.map(replaced(inOperation:))) }
    return json.mapped { member in
      guard CaseFolding.sameName(member.name, "Operations"), case .array(let operations) = member.value else {
        return member.value
      }
      return .array(operations.map(replaced(inOperation:)))
    }
  }

  /// One PATCH operation: its path, and its value as the path says.
  private func replaced(inOperation json: JSONValue) -> JSONValue {
    guard let object = json.objectValue else { return json }
    let path = object.members.first { CaseFolding.sameName($0.name, "path") }?.value.stringValue ?? ""
    return json.mapped { member in
      if CaseFolding.sameName(member.name, "path") {
        return path.isEmpty ? member.value : .string(replaced(inPath: path))
      }
      guard CaseFolding.sameName(member.name, "value") else { return member.value }
      return path.isEmpty ? replaced(inAttributes: member.value) : replaced(in: member.value, at: path)
    }
  }

  /// `members[value eq "bulkId:x"]`.
  private func replaced(inPath text: String) -> String {
    let quote = UInt8(ascii: "\"")
    guard text.utf8.contains(quote), let attribute = attribute(at: text)?.attribute, attribute.isReference
    else {
      return text
    }
    let parts = text.utf8.split(separator: quote, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? BulkReferences.target(of: part).flatMap(id) ?? part : part
    }.joined(separator: "\"")
  }

  /// An object whose members are attributes, schemas or paths.
  private func replaced(inAttributes json: JSONValue) -> JSONValue {
    json.mapped { replaced(in: $0.value, at: $0.name) }
  }

  /// The value of what a path names: a schema, an attribute or a sub-attribute.
  private func replaced(in json: JSONValue, at path: String) -> JSONValue {
    guard let found = attribute(at: path) else { return json }
    guard let attribute = found.attribute else {
      guard let schema = found.schema else { return replaced(inAttributes: json) }
      return json.mapped { replaced(in: $0.value, at: "\(schema.id):\($0.name)") }
    }
    guard let sub = found.sub else { return replaced(in: json, of: attribute) }
    return isReference(sub, of: attribute) ? replaced(inValue: json) : json
  }

  /// The attribute that a path names, whatever is in its brackets.
  private func attribute(at path: String) -> AttributePath? { type?.path(Projection.withoutFilter(path)) }

  /// Whether ids or links of resources are in this sub-attribute.
  private func isReference(_ sub: Attribute, of attribute: Attribute) -> Bool {
    sub.kind == .reference || attribute.isReference && sub === attribute.valueAttribute
  }

  /// The value of an attribute: a reference itself, or an object with references in it.
  private func replaced(in json: JSONValue, of attribute: Attribute) -> JSONValue {
    if case .array(let elements) = json { return .array(elements.map { replaced(in: $0, of: attribute) }) }
    if attribute.kind == .reference || attribute.isReference && json.isScalar {
      return replaced(inValue: json)
    }
    return json.mapped { member in
      guard let sub = attribute.subAttributes[member.name], isReference(sub, of: attribute) else {
        return member.value
      }
      return replaced(inValue: member.value)
    }
  }

  /// An id or a link.
  private func replaced(inValue json: JSONValue) -> JSONValue {
    switch json {
    case .string(let text): .string(replaced(inLink: text))
    case .array(let values): .array(values.map(replaced(inValue:)))
    case .object, .null, .bool, .integer, .decimal: json.mapped { replaced(inValue: $0.value) }
    }
  }
}

extension JSONValue {
  /// An object with the values of its members replaced; of a list of objects each; anything else as it is.
  fileprivate func mapped(_ value: (JSONObject.Member) -> JSONValue) -> JSONValue {
    if case .array(let elements) = self { return .array(elements.map { $0.mapped(value) }) }
    guard case .object(var object) = self else { return self }
    for index in object.members.indices { object.members[index].value = value(object.members[index]) }
    return .object(object)
  }
}
