import JSON

extension PatchRequest {
  /// All operations, one after the other, each on what the one before left; or an error and nothing
  /// (RFC 7644 §3.5.2: atomic). The error's text names the operation's target.
  ///
  /// Throws 413 if it takes more work than the budget allows.
  package func apply(to document: Document, _ budget: inout WorkBudget) throws(SCIMError) -> PatchOutcome {
    var application = PatchApplication(
      document: document, type: type, values: ValueDecoder(dialect: dialect), budget: budget)
    defer { budget = application.budget }
    for operation in operations { try application.apply(operation) }
    let outcome = try DocumentRules.checked(application.document, type)
    try checkSchemas(of: outcome, &application.budget)
    return PatchOutcome(
      document: outcome, membership: application.membership, dialect: application.values.dialect)
  }

  /// `schemas` follows the attributes that have values: an operation on it may only repeat the current value.
  private func checkSchemas(of outcome: Document, _ budget: inout WorkBudget) throws(SCIMError) {
    guard operations.contains(where: \.target.isSchemas) else { return }
    let shown = outcome.schemas(of: type)
    for operation in operations where operation.target.isSchemas {
      try budget.spend((1 + (operation.value?.elements.count ?? 0)) * (1 + shown.count))
      let asked = operation.value?.elements.compactMap(\.stringValue) ?? []
      func lists(_ urns: [String], _ urn: String) -> Bool { urns.contains { CaseFolding.sameName($0, urn) } }
      let holds =
        switch operation.kind {
        case .add: asked.allSatisfy { lists(shown, $0) }
        case .replace: asked.allSatisfy { lists(shown, $0) } && shown.allSatisfy { lists(asked, $0) }
        case .remove:
          try operation.target.selection.map { selection throws(SCIMError) in
            for urn in shown where try selection.filter.matches(element: .string(urn), &budget) {
              return false
            }
            return true
          } ?? false
        }
      guard holds else {
        throw SCIMError(
          .schemasReadOnly,
          "schemas follows from the attributes that have values; it cannot be changed directly.")
      }
    }
  }
}

/// Applies operations to a document.
struct PatchApplication {
  var document: Document
  let type: ResourceType
  var values: ValueDecoder
  var membership: [MembershipEdit] = []
  var budget: WorkBudget

  init(document: Document, type: ResourceType, values: ValueDecoder, budget: WorkBudget) {
    self.document = document
    self.type = type
    self.values = values
    self.budget = budget
  }

  /// Applies one operation; an edit of `members` is only collected, because members are not in the document.
  mutating func apply(_ operation: PatchOperation) throws(SCIMError) {
    let target = operation.target
    let attribute = target.attribute
    try budget.spend(8)
    if let value = operation.value { try budget.spend(value) }
    if type.hasMembers, target.path.schema == nil, attribute.name == "members" {
      membership.append(try MembershipEdit.edits(for: operation, &values))
      return
    }
    if target.isSchemas { return }
    if attribute.isSecret || target.sub?.isSecret == true {
      _ = try operation.value.map { value throws(SCIMError) in
        try values.value(value, for: target.sub ?? attribute, at: target.path)
      }
      return
    }
    let old = document[attribute, target.path.schema]
    let new = try changed(old, by: operation)
    if attribute.mutability == .immutable, let old, new != old {
      throw SCIMError(.attributeImmutable, "\(target.path.notation) is immutable and already has a value.")
    }
    if new == nil, DocumentRules.isActivity(attribute, type) {
      throw SCIMError(.activeRemoved, "active always has a value; send true or false.")
    }
    try DocumentRules.checkLabel(new, target.path, type)
    document[attribute, target.path.schema] = new
  }

  /// The attribute's next value; nil if it ends without one.
  private mutating func changed(
    _ old: JSONValue?, by operation: PatchOperation
  ) throws(SCIMError) -> JSONValue? {
    let target = operation.target
    if target.selection != nil, !target.attribute.multiValued {
      return try changedSelectedSingular(old, by: operation)
    }
    if target.attribute.multiValued {
      var elements = old?.elements ?? []
      // All are checked; if some change, all are compared with each other again.
      try budget.spend(elements.count * (target.selection != nil || target.sub != nil ? 12 : 2))
      for element in elements { try budget.spend(element) }
      if target.selection != nil {
        try changeSelected(&elements, by: operation)
      } else if let sub = target.sub {
        try changeEach(&elements, sub, by: operation)
      } else {
        try changeAll(&elements, by: operation)
      }
      elements.removeAll { !$0.isPresent() }
      if target.selection != nil || target.sub != nil {
        elements = ValueList(of: target.attribute, merging: elements).values
      }
      return elements.isEmpty ? nil : .array(elements)
    }
    return try changedSingular(old, by: operation)
  }

  // MARK: Singular attributes

  /// The next value of a single-valued attribute.
  private mutating func changedSingular(
    _ old: JSONValue?, by operation: PatchOperation
  ) throws(SCIMError) -> JSONValue? {
    let target = operation.target
    let place = target.path
    if let sub = target.sub {
      let new = try assigned(sub, of: old ?? .object(JSONObject()), operation, place)
      return sub.name == "value" && target.attribute.isReference && new?["value"]?.isPresent() != true
        ? nil : new
    }
    guard operation.kind != .remove, let value = operation.value else { return nil }
    if let list = value.arrayValue, list.isEmpty { return nil }
    guard target.attribute.kind == .complex else {
      return try values.value(value, for: target.attribute, at: place)
    }
    // Sub-attributes that are not named keep their values, for add and replace alike (RFC 7644 §3.5.2.3).
    if let list = value.arrayValue, list.count == 1, values.dialect.allow(.singularInArray) {
      return try merge(list[0], into: old, target.attribute, place)
    }
    return try merge(value, into: old, target.attribute, place)
  }

  /// The sub-attributes given over those that exist; nil if the value is unassigned or nothing is left.
  private mutating func merge(
    _ value: JSONValue, into old: JSONValue?, _ attribute: Attribute, _ place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    let (object, cleared) = try values.complex(value, for: attribute, at: place)
    // An empty text for a reference removes the reference.
    if value.isScalar && object.isEmpty || values.unassigns(object, cleared, attribute) { return nil }
    var merged = old?.objectValue ?? JSONObject()
    for name in cleared { merged[name] = nil }
    for member in object.members { merged[member.name] = member.value }
    for sub in attribute.subAttributes where sub.mutability == .immutable {
      guard let kept = old?[sub.name], merged[sub.name] != kept else { continue }
      throw SCIMError(
        .attributeImmutable, "\(place.appending(sub).notation) is immutable and already has a value.")
    }
    return merged.isEmpty ? nil : .object(merged)
  }

  /// `manager[value eq "x"]`: the single value counts as a list of one.
  private mutating func changedSelectedSingular(
    _ old: JSONValue?, by operation: PatchOperation
  ) throws(SCIMError) -> JSONValue? {
    guard values.dialect.allow(.selectedSingular) else {
      throw SCIMError(
        .patchPathSyntax, "\(operation.target.path.notation) has a single value and takes no filter.")
    }
    var elements = old.map { [$0] } ?? []
    try changeSelected(&elements, by: operation)
    return elements.first { $0.isPresent() }
  }

  // MARK: Multi-valued attributes

  /// An operation on the whole list: `add` appends and merges, `replace` begins with an empty list.
  private mutating func changeAll(
    _ elements: inout [JSONValue], by operation: PatchOperation
  ) throws(SCIMError) {
    let attribute = operation.target.attribute
    if operation.kind != .add { elements = [] }
    guard operation.kind != .remove, let value = operation.value else { return }
    let place = operation.target.path
    var written: [Int] = []
    var list = ValueList(of: attribute, elements)
    for given in value.elements {
      guard let element = try values.single(given, for: attribute, at: place) else { continue }
      if attribute.hasImmutableParts, let same = list.position(of: element) {
        let merged = MultiValued.merged(list.values[same], element)
        _ = try keepingImmutable(list.values[same], merged, attribute, place)
      }
      let index = list.append(element)
      if element["primary"]?.boolValue == true { written.append(index) }
    }
    elements = list.values
    try ValueDecoder.checkCount(elements.count, at: place)
    MultiValued.settlePrimary(&elements, preferred: written)
  }

  /// `emails.value` without a filter: the sub-attribute of every value, or of a new value if the list is empty.
  private mutating func changeEach(
    _ elements: inout [JSONValue], _ sub: Attribute, by operation: PatchOperation
  ) throws(SCIMError) {
    if elements.isEmpty, operation.kind != .remove { elements = [.object(JSONObject())] }
    for index in elements.indices {
      if let value = operation.value { try budget.spend(value) }
      elements[index] =
        try assigned(sub, of: elements[index], operation, operation.target.path) ?? .null
    }
    MultiValued.settlePrimary(&elements)
  }

  /// An operation on the elements that a filter selects; creates one if allowed and none matches.
  private mutating func changeSelected(
    _ elements: inout [JSONValue], by operation: PatchOperation
  ) throws(SCIMError) {
    guard let selection = operation.target.selection else { return }
    var matches: [Int] = []
    for (index, element) in elements.enumerated() {
      if try selection.filter.matches(element: element, &budget) { matches.append(index) }
    }
    if operation.kind == .remove {
      try removeSelected(matches, of: &elements, operation)
      return
    }
    let created = matches.isEmpty
    if created {
      let template = try template(selection, operation)
      guard operation.value != nil else { return }
      elements.append(.object(template))
      matches = [elements.count - 1]
    }
    let place = operation.target.path
    for index in matches {
      if let value = operation.value { try budget.spend(value) }
      elements[index] = try changedElement(elements[index], by: operation, keeping: created, place) ?? .null
    }
    MultiValued.settlePrimary(&elements, preferred: matches)
  }

  /// The next value of one selected element; nil if it is removed. `keeping` is true for an element that the filter has
  /// just described.
  private mutating func changedElement(
    _ element: JSONValue, by operation: PatchOperation, keeping: Bool, _ place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    let target = operation.target
    if let sub = target.sub { return try assigned(sub, of: element, operation, place) }
    guard let value = operation.value.map({ values.unwrapped($0) }), !value.isNull else { return nil }
    let attribute = target.attribute
    guard attribute.kind == .complex else { return try values.single(value, for: attribute, at: place) }
    let (given, cleared) = try values.complex(value, for: attribute, at: place)
    guard !given.isEmpty, !values.unassigns(given, cleared, attribute) else { return nil }
    // An object without its value names what is to be changed; with it, it is the whole element.
    let isPart =
      operation.kind == .add || keeping
      || attribute.valueAttribute != nil && given["value"] == nil && !cleared.contains("value")
    guard isPart else { return try keepingImmutable(element, .object(given), attribute, place) }
    var merged = MultiValued.merged(element, .object(given))
    if operation.kind == .replace, var object = merged.objectValue {
      for name in cleared { object[name] = nil }
      merged = .object(object)
    }
    return keeping ? merged : try keepingImmutable(element, merged, attribute, place)
  }

  /// `new` in place of `old`, with the sub-attributes that cannot be changed; throws 400 mutability if it would
  /// change one.
  private func keepingImmutable(
    _ old: JSONValue, _ new: JSONValue, _ attribute: Attribute, _ place: AttributePath
  ) throws(SCIMError) -> JSONValue {
    guard attribute.hasImmutableParts, var object = new.objectValue else { return new }
    for sub in attribute.subAttributes where sub.mutability == .immutable {
      guard let kept = old[sub.name] else { continue }
      guard object[sub.name] == nil || object[sub.name] == kept else {
        throw SCIMError(
          .attributeImmutable,
          "\(place.appending(sub).notation) is immutable; remove the value and add another.")
      }
      object[sub.name] = kept
    }
    return .object(object)
  }

  /// Removes the selected elements, or one of their sub-attributes.
  private mutating func removeSelected(
    _ matches: [Int], of elements: inout [JSONValue], _ operation: PatchOperation
  ) throws(SCIMError) {
    guard let sub = operation.target.sub else {
      let gone = Set(matches)
      elements = elements.indices.filter { !gone.contains($0) }.map { elements[$0] }
      return
    }
    for index in matches {
      elements[index] =
        try assigned(sub, of: elements[index], operation, operation.target.path) ?? .null
    }
  }

  /// The element that a filter without a match describes, if it may be created (RFC 7644 §3.5.2.1, §3.5.2.3).
  private mutating func template(
    _ selection: PatchTarget.Selection, _ operation: PatchOperation
  ) throws(SCIMError) -> JSONObject {
    let mayCreate = operation.kind == .add || values.dialect.allow(.createSelected)
    guard mayCreate, let template = selection.template else {
      throw SCIMError(
        .patchNoMatch, "\(operation.target.path.notation): no value matches the filter of the path.")
    }
    return template
  }

  /// `element` with `sub` set to the operation's value, or without it; nil if nothing is left.
  private mutating func assigned(
    _ sub: Attribute, of element: JSONValue, _ operation: PatchOperation, _ place: AttributePath
  ) throws(SCIMError) -> JSONValue? {
    var object = element.objectValue ?? JSONObject()
    var value: JSONValue?
    if operation.kind != .remove, let given = operation.value {
      value = try values.value(given, for: sub, at: place)
      if sub.multiValued, operation.kind == .add, let more = value {
        let all = ValueList(
          of: sub, merging: (object[sub.name]?.elements ?? []) + more.elements
        ).values
        try ValueDecoder.checkCount(all.count, at: place)
        value = .array(all)
      }
    }
    if sub.mutability == .immutable, let old = object[sub.name], old != value {
      throw SCIMError(.attributeImmutable, "\(place.notation) is immutable and already has a value.")
    }
    object[sub.name] = value
    if sub.name == "value" { object = values.roleExpanded(object, of: place) }
    return object.isEmpty ? nil : .object(object)
  }
}
