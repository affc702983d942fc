package import JSON

/// A decoded PATCH body: plain RFC operations in the order in which they apply (RFC 7644 §3.5.2).
package struct PatchRequest: Sendable {
  /// Operations in one request; a group push of Okta or Entra ID stays far below.
  package static let maxOperations = 5000

  package private(set) var operations: [PatchOperation] = []
  package private(set) var dialect: Dialect
  let type: ResourceType

  /// Throws 400 with invalidSyntax, invalidPath, invalidFilter, noTarget, invalidValue or mutability; the text begins
  /// with the operation's number.
  package init(_ json: JSONValue, for type: ResourceType, dialect: Dialect) throws(SCIMError) {
    self.type = type
    self.dialect = dialect
    guard let body = json.objectValue else {
      throw SCIMError(.notAnObject, "The body must be a JSON object.")
    }
    try body.checkOnce(["schemas", "Operations"])
    try SchemaURN.check(PatchRequest.member("schemas", of: body), lists: SchemaURN.patchOp)
    guard let given = PatchRequest.member("Operations", of: body)?.arrayValue, !given.isEmpty else {
      throw SCIMError(.operationsMissing, "\"Operations\" must be an array of at least one operation.")
    }
    guard given.count <= PatchRequest.maxOperations else { throw PatchRequest.tooManyOperations }
    for (index, operation) in given.enumerated() {
      do throws(SCIMError) { try take(operation) } catch { throw error.at(operation: index) }
    }
  }

  /// Whether an operation is about a base attribute.
  package func names(_ attribute: String) -> Bool {
    operations.contains {
      $0.target.path.schema == nil && $0.target.attribute.name.hasSameBytes(as: attribute)
    }
  }

  private static let tooManyOperations = SCIMError(
    .tooManyOperations,
    "A request may have at most \(PatchRequest.maxOperations) operations; send the rest in another request.")

  private static func member(_ name: String, of object: JSONObject) -> JSONValue? {
    object.members.first { CaseFolding.sameName($0.name, name) }?.value
  }

  /// Takes one operation apart; it becomes several if it has no path or names a whole schema.
  private mutating func take(_ json: JSONValue) throws(SCIMError) {
    guard let object = json.objectValue else {
      throw SCIMError(.operationNotObject, "it must be a JSON object.")
    }
    try object.checkOnce(["op", "path", "value"])
    let kind = try kind(of: object)
    let value = PatchRequest.member("value", of: object)
    switch PatchRequest.member("path", of: object) {
    case nil, .null?:
      try takeWithoutPath(kind, value)
    case .string(let text)?:
      guard let target = try PatchTarget.parse(text, type, &dialect) else {
        var seen = Set<String>()
        return try takeSchema(kind, text, value, &seen)
      }
      try checkMutability(kind, target)
      if kind == .remove { return try takeRemoval(target, value) }
      guard let value else { throw SCIMError(.patchValueMissing, "\"value\" is missing.") }
      try append(kind, target, value)
    default:
      throw SCIMError(.patchPathNotText, "\"path\" must be text.")
    }
  }

  /// The operation; other letter case only by the dialect `operationCase`.
  private mutating func kind(of object: JSONObject) throws(SCIMError) -> PatchOperation.Kind {
    guard let text = PatchRequest.member("op", of: object)?.stringValue else {
      throw SCIMError(.opMissing, "\"op\" is missing; it is add, remove or replace.")
    }
    if let kind = PatchOperation.Kind(rawValue: text) { return kind }
    guard let kind = PatchOperation.Kind(rawValue: CaseFolding.lowered(text)), dialect.allow(.operationCase)
    else {
      throw SCIMError(.opUnknown, "\"\(text)\" is not an operation; use add, remove or replace.")
    }
    return kind
  }

  /// Counted here, as one operation without a path may be many.
  private mutating func append(
    _ kind: PatchOperation.Kind, _ target: PatchTarget, _ value: JSONValue?
  ) throws(SCIMError) {
    guard operations.count < PatchRequest.maxOperations else { throw PatchRequest.tooManyOperations }
    let assigned = value.flatMap { $0.isNull ? nil : $0 }
    operations.append(PatchOperation(kind: kind, target: target, value: assigned))
  }

  // MARK: Operations without a path, or on a whole extension

  /// Each member of the value becomes an operation of its own (RFC 7644 §3.5.2.1, §3.5.2.3).
  private mutating func takeWithoutPath(
    _ kind: PatchOperation.Kind, _ value: JSONValue?
  ) throws(SCIMError) {
    guard kind != .remove else { throw SCIMError(.patchPathRequired, "a remove needs a \"path\".") }
    guard let object = value?.objectValue else {
      throw SCIMError(.patchValueNotObject, "without a \"path\", \"value\" must be an object of attributes.")
    }
    guard object.count <= PatchRequest.maxOperations else { throw PatchRequest.tooManyOperations }
    var seen = Set<String>()
    for member in object.members { try takeMember(kind, member, &seen) }
  }

  /// A member of a value object is an attribute, a schema with its attributes, or a path.
  private mutating func takeMember(
    _ kind: PatchOperation.Kind, _ member: JSONObject.Member, _ seen: inout Set<String>
  ) throws(SCIMError) {
    if type.schemaExtension(urn: member.name) != nil || CaseFolding.sameName(member.name, type.schema.id) {
      guard seen.insert(CaseFolding.lowered(member.name)).inserted else {
        throw ValueDecoder.twice(member.name)
      }
      return try takeSchema(kind, member.name, member.value, &seen)
    }
    if let attribute = type.attribute(named: member.name) {
      let path = AttributePath(schema: nil, attribute: attribute, sub: nil)
      return try takeAttribute(kind, path, member.value, &seen)
    }
    guard let target = (try? PatchTarget.parse(member.name, type, &dialect)) ?? nil,
      dialect.allow(.qualifiedKeys)
    else { return try dialect.ignore(member.name, member.value) }
    guard target.selection != nil else { return try takeAttribute(kind, target.path, member.value, &seen) }
    guard seen.insert(CaseFolding.lowered(member.name)).inserted else {
      throw ValueDecoder.twice(member.name)
    }
    guard !PatchRequest.isReadOnly(target.path) else { return }
    try append(kind, target, member.value)
  }

  /// Read-only attributes inside a value object are dropped, and so is `schemas`: clients echo what they read.
  private mutating func takeAttribute(
    _ kind: PatchOperation.Kind, _ path: AttributePath, _ value: JSONValue, _ seen: inout Set<String>
  ) throws(SCIMError) {
    guard seen.insert(path.notation).inserted else { throw ValueDecoder.twice(path.notation) }
    guard let attribute = path.attribute, !PatchRequest.isReadOnly(path) else { return }
    let target = PatchTarget(path: path, attribute: attribute, selection: nil)
    guard !target.isSchemas else { return }
    try append(kind, target, value)
  }

  /// A whole schema: an extension, or the base schema, whose attributes are those of the resource.
  private mutating func takeSchema(
    _ kind: PatchOperation.Kind, _ urn: String, _ value: JSONValue?, _ seen: inout Set<String>
  ) throws(SCIMError) {
    var value = value
    if let list = value?.arrayValue, list.count == 1, dialect.allow(.singularInArray) { value = list[0] }
    guard CaseFolding.sameName(urn, type.schema.id) else { return try takeExtension(kind, urn, value, &seen) }
    guard kind != .remove else {
      throw SCIMError(.patchPathRequired, "a remove needs a \"path\" that names an attribute.")
    }
    guard let object = value?.objectValue else {
      throw SCIMError(.patchValueNotObject, "the value of \(type.schema.id) must be an object of attributes.")
    }
    for member in object.members { try takeMember(kind, member, &seen) }
  }

  /// An extension as a whole: its attributes are set, or removed.
  private mutating func takeExtension(
    _ kind: PatchOperation.Kind, _ urn: String, _ value: JSONValue?, _ seen: inout Set<String>
  ) throws(SCIMError) {
    guard let known = type.schemaExtension(urn: urn) else {
      throw SCIMError(.patchPathUnknown, "\"\(urn)\" is not an extension of \(type.name).")
    }
    let schema = known.schema
    if kind == .remove, known.required {
      throw SCIMError(.requiredRemoved, "\(schema.id) is required and cannot be removed.")
    }
    if kind == .remove || value?.isNull == true { return try removeAttributes(of: schema) }
    guard let value else { throw SCIMError(.patchValueMissing, "\"value\" is missing.") }
    guard let object = value.objectValue else {
      throw SCIMError(.patchValueNotObject, "the value of \(schema.id) must be an object.")
    }
    try takeMembers(kind, object, of: schema, &seen)
  }

  /// Removes every attribute of an extension that clients may write.
  private mutating func removeAttributes(of schema: Schema) throws(SCIMError) {
    for attribute in schema.attributes where attribute.mutability != .readOnly {
      let path = AttributePath(schema: schema, attribute: attribute, sub: nil)
      try append(.remove, PatchTarget(path: path, attribute: attribute, selection: nil), nil)
    }
  }

  /// The members of an extension's object.
  private mutating func takeMembers(
    _ kind: PatchOperation.Kind, _ object: JSONObject, of schema: Schema, _ seen: inout Set<String>
  ) throws(SCIMError) {
    for member in object.members {
      let key = "\(schema.id):\(member.name)"
      if let attribute = schema.attributes[member.name] {
        let path = AttributePath(schema: schema, attribute: attribute, sub: nil)
        try takeAttribute(kind, path, member.value, &seen)
      } else if type.path(key)?.attribute != nil || key.utf8.contains(UInt8(ascii: "[")) {
        try takeMember(kind, .init(name: key, value: member.value), &seen)
      } else {
        try dialect.ignore(key, member.value, in: schema.id)
      }
    }
  }

  // MARK: Removals

  /// Entra ID and others put the values to remove into `value`: then only those are removed, never all.
  private mutating func takeRemoval(_ target: PatchTarget, _ value: JSONValue?) throws(SCIMError) {
    var value = value
    if let repeated = value?[target.attribute.name], dialect.allow(.repeatedAttribute) { value = repeated }
    guard target.attribute.multiValued, target.sub == nil, target.selection == nil, let value, !value.isNull,
      dialect.allow(.removeListedValues)
    else { return try append(.remove, target, nil) }
    let isMembership = type.hasMembers && target.path.schema == nil && target.attribute.name == "members"
    // Members are removed together, however many there are.
    var ids: [JSONValue] = []
    for element in value.elements {
      let element = listed(element, of: target)
      guard let filter = Filter.equality(with: element, of: target.path) else { continue }
      if isMembership, filter.equality != nil, let id = filter.selectedID {
        ids.append(.string(id))
        continue
      }
      let selection = PatchTarget.Selection(filter: filter, template: nil)
      try append(
        .remove, PatchTarget(path: target.path, attribute: target.attribute, selection: selection), nil)
    }
    if !ids.isEmpty { try append(.remove, target, .array(ids)) }
  }

  /// An element to be removed, parsed from its JSON text.
  private mutating func listed(_ element: JSONValue, of target: PatchTarget) -> JSONValue {
    var values = ValueDecoder(dialect: dialect)
    defer { dialect = values.dialect }
    guard let object = values.object(element, target.attribute) else { return element }
    return .object(values.roleExpanded(object, of: target.path))
  }

  // MARK: Mutability

  /// Throws 400 mutability for a read-only or immutable target, and for removing a required attribute.
  private func checkMutability(
    _ kind: PatchOperation.Kind, _ target: PatchTarget
  ) throws(SCIMError) {
    let place = target.path.notation
    guard !PatchRequest.isReadOnly(target.path) else {
      throw SCIMError(.attributeReadOnly, "\(place) is read-only.")
    }
    let isPart = target.selection != nil || target.attribute.multiValued
    let isMember = type.hasMembers && target.path.schema == nil && target.attribute.name == "members"
    // Whether the member exists is known only when the operation is applied.
    if isPart, !isMember || target.selection == nil || kind == .remove, let sub = target.sub,
      sub.mutability == .immutable
    {
      throw SCIMError(.attributeImmutable, "\(place) is immutable; remove the value and add another.")
    }
    if kind == .remove, target.sub == nil, target.selection == nil, target.attribute.required {
      throw SCIMError(.requiredRemoved, "\(place) is required and cannot be removed.")
    }
  }

  private static func isReadOnly(_ path: AttributePath) -> Bool {
    path.attribute?.mutability == .readOnly || path.sub?.mutability == .readOnly
  }
}

extension Filter {
  /// The filter that selects the values equal to `element`: by its `value`, else by all it gives.
  fileprivate static func equality(with element: JSONValue, of path: AttributePath) -> Filter? {
    guard let attribute = path.attribute else { return nil }
    guard let object = element.objectValue else {
      return comparison(path, attribute.kind == .complex ? attribute.valueAttribute : nil, element)
    }
    if let own = attribute.valueAttribute,
      let value = object.members.first(where: { CaseFolding.sameName($0.name, own.name) })?.value,
      !value.isNull
    {
      return comparison(path, own, value)
    }
    var filter: Filter?
    for member in object.members {
      guard let sub = attribute.subAttributes[member.name],
        let term = comparison(path, sub, member.value)
      else { continue }
      filter = filter.map { .and($0, term) } ?? term
    }
    return filter
  }

  private static func comparison(_ path: AttributePath, _ sub: Attribute?, _ value: JSONValue) -> Filter? {
    let leafPath = AttributePath(schema: path.schema, attribute: path.attribute, sub: sub)
    guard let leaf = leafPath.leaf else { return nil }
    switch value {
    case .null, .array, .object: return nil
    case .string, .bool, .integer, .decimal:
      // Nothing equals a value of another type: it must not select more than intended.
      guard let operand = Operand(value, of: leaf) else { return .constant(false) }
      return .compare(Comparison(path: leafPath, op: .eq, operand: operand))
    }
  }
}
