package import JSON
package import SCIM
package import Storage

extension EntryWriter {
  // MARK: What was asked for

  /// A query over collections.
  ///
  /// - Parameters:
  ///   - parts: the filter and the sort key by type; empty if the query was not understood.
  ///   - types: those that the query is about.
  package mutating func query(_ query: ListQuery, _ parts: [ResourceQuery.Part], _ types: [ResourceType]) {
    json.name("query")
    json.beginObject()
    if let filter = parts.first?.filter {
      json.name("filter")
      json.string(mask.text(of: filter))
    } else if let text = query.filter {
      json.name("filter")
      json.string(mask.text(ofUnread: text, types, names: &names))
    }
    if let name = query.sortBy {
      json.name("sortBy")
      json.string(mask.name(name))
      if query.descending {
        json.name("sortOrder")
        json.string("descending")
      }
    }
    if query.startIndex != 1 {
      json.name("startIndex")
      json.integer(Int64(query.startIndex))
    }
    if let count = query.count {
      json.name("count")
      json.integer(Int64(count))
    }
    if case .some = query.cursor {
      json.name("cursor")
      json.bool(true)
    }
    texts("attributes", query.attributes ?? [])
    texts("excludedAttributes", query.excludedAttributes ?? [])
    json.endObject()
  }

  /// A resource as it was understood.
  package mutating func document(_ document: Document, _ members: [String], of type: ResourceType) {
    optional { entry in
      entry.json.name("body")
      entry.json.beginObject()
      entry.texts("schemas", document.schemas(of: type))
      entry.mask.write(membersOf: document.attributes, of: type, to: &entry.json)
      entry.write(members)
      entry.json.endObject()
    }
  }

  private mutating func write(_ members: [String]) {
    guard !members.isEmpty else { return }
    json.name("members")
    json.beginArray()
    for id in members.prefix(Self.maxListed) {
      json.beginObject()
      json.name("value")
      json.string(mask.name(id))
      json.endObject()
    }
    json.endArray()
    guard members.count > Self.maxListed else { return }
    json.name("memberCount")
    json.integer(Int64(members.count))
  }

  /// Operations as they were understood.
  package mutating func patch(_ patch: PatchRequest) {
    optional { entry in
      entry.json.name("body")
      entry.json.beginArray()
      for operation in patch.operations.prefix(Self.maxListed) { entry.write(operation) }
      if patch.operations.count > Self.maxListed {
        entry.json.string("(\(patch.operations.count) operations)")
      }
      entry.json.endArray()
    }
  }

  private mutating func write(_ operation: PatchOperation) {
    json.beginObject()
    json.name("op")
    json.string(operation.kind.rawValue)
    json.name("path")
    json.string(mask.text(of: operation.target))
    if let value = operation.value {
      json.name("value")
      let target = operation.target
      mask.write(
        value, target.path.leaf ?? target.attribute, of: target.sub == nil ? nil : target.attribute, to: &json
      )
    }
    json.endObject()
  }

  /// A body that was not understood.
  ///
  /// - Parameter type: the type of resource that it is about; nil for another message.
  package mutating func unread(_ body: JSONValue, of type: ResourceType?, _ types: [ResourceType]) {
    optional { entry in
      entry.json.name("body")
      entry.writeUnread(body, type, types)
    }
  }

  private mutating func writeUnread(_ body: JSONValue, _ type: ResourceType?, _ types: [ResourceType]) {
    guard let object = body.objectValue else {
      return mask.write(body, nil, to: &json)
    }
    json.beginObject()
    for member in object.members {
      names.append(member.name)
      json.name(mask.name(member.name))
      if CaseFolding.sameName(member.name, "Operations"), let operations = member.value.arrayValue {
        json.beginArray()
        for operation in operations.prefix(Self.maxListed) { writeUnread(operation: operation, type, types) }
        json.endArray()
      } else {
        mask.write(member.value, type?.attribute(named: member.name), to: &json)
      }
    }
    json.endObject()
  }

  private mutating func writeUnread(operation: JSONValue, _ type: ResourceType?, _ types: [ResourceType]) {
    guard let object = operation.objectValue else { return mask.write(operation, nil, to: &json) }
    json.beginObject()
    for member in object.members {
      json.name(mask.name(member.name))
      let name = member.name
      guard let text = member.value.stringValue else {
        mask.write(member.value, nil, to: &json)
        continue
      }
      if CaseFolding.sameName(name, "op") || CaseFolding.sameName(name, "method") {
        json.string(mask.name(text))
      } else if !CaseFolding.sameName(name, "path") {
        mask.write(member.value, nil, to: &json)
      } else if ValueMask.isName(text) {
        names.append(text)
        json.string(mask.redacted(text))
      } else {
        json.string(mask.text(ofUnread: text, types, names: &names))
      }
    }
    json.endObject()
  }

  /// The operations of a bulk request.
  package mutating func bulk(_ operations: [(method: String, path: String)]) {
    json.name("body")
    json.beginArray()
    for (method, path) in operations.prefix(Self.maxListed) { json.string("\(mask.name(method)) \(path)") }
    if operations.count > Self.maxListed { json.string("(\(operations.count) operations)") }
    json.endArray()
  }

  // MARK: What became of it

  /// How a request to write was understood, and what it changed.
  package mutating func outcome(_ trace: ChangeTrace) {
    texts("rules", trace.understanding.rules)
    texts("ignored", trace.understanding.ignored)
    texts("skipped", trace.understanding.skipped)
    guard let record = trace.record else { return }
    json.name("record")
    json.integer(Int64(record))
    optional { entry in
      entry.json.name("changes")
      entry.json.beginArray()
      for effect in trace.effects(upTo: Self.maxListed) { entry.write(effect) }
      entry.json.endArray()
    }
    if trace.count > Self.maxListed {
      json.name("changeCount")
      json.integer(Int64(trace.count))
    }
  }

  private mutating func write(_ effect: ChangeTrace.Effect) {
    json.beginObject()
    switch effect {
    case .created(let type, let id): subject("created", type, id)
    case .deleted(let type, let id): subject("deleted", type, id)
    case .restored(let type, let id): subject("restored", type, id)
    case .erased(let type, let id): subject("erased", type, id)
    case .members(let group, let added, let removed):
      json.name("members")
      json.string(group.text)
      ids("added", added)
      ids("removed", removed)
    case .changed(let type, let id, let before, let after):
      subject("changed", type, id)
      json.name("attributes")
      json.beginArray()
      differences(before, after, type)
      json.endArray()
    }
    json.endObject()
  }

  private mutating func subject(_ effect: String, _ type: ResourceType, _ id: ResourceID) {
    json.name(effect)
    json.string(type.name)
    json.name("id")
    json.string(id.text)
  }

  private mutating func ids(_ name: String, _ ids: [ResourceID]) {
    guard !ids.isEmpty else { return }
    json.name(name)
    json.beginArray()
    for id in ids.prefix(Self.maxListed) { json.string(id.text) }
    if ids.count > Self.maxListed { json.string("(\(ids.count) ids)") }
    json.endArray()
  }

  private mutating func differences(_ before: Document, _ after: Document, _ type: ResourceType) {
    let (old, new) = (before.attributes, after.attributes)
    for (index, member) in new.members.enumerated() {
      // Mostly both have the same attributes, in the order of the schema.
      let isInPlace = index < old.count && old.members[index].name.hasSameBytes(as: member.name)
      let value = isInPlace ? old.members[index].value : old[member.name]
      if value != member.value { difference(member.name, value, member.value, type) }
    }
    for member in old.members where new[member.name] == nil {
      difference(member.name, member.value, nil, type)
    }
  }

  /// A change of a top-level attribute; of an extension, of its attributes.
  private mutating func difference(
    _ name: String, _ before: JSONValue?, _ after: JSONValue?, _ type: ResourceType
  ) {
    guard let schema = type.schemaExtension(urn: name)?.schema else {
      return difference(name, before, after, type.attribute(named: name))
    }
    let (old, new) = (before?.objectValue ?? JSONObject(), after?.objectValue ?? JSONObject())
    for attribute in schema.attributes where old[attribute.name] != new[attribute.name] {
      difference("\(name):\(attribute.name)", old[attribute.name], new[attribute.name], attribute)
    }
  }

  private mutating func difference(
    _ name: String, _ before: JSONValue?, _ after: JSONValue?, _ attribute: Attribute?
  ) {
    json.beginObject()
    json.name("name")
    json.string(name)
    for (side, value) in [("before", before), ("after", after)] {
      guard let value else { continue }
      json.name(side)
      mask.write(value, attribute, to: &json)
    }
    json.endObject()
  }

  // MARK: Refusals

  /// Why the request was refused.
  ///
  /// - Parameter hidden: what the text must not show: a path that may be a name or a key.
  package mutating func error(_ error: SCIMError, _ types: [ResourceType], without hidden: String? = nil) {
    json.name("error")
    write(error, types, hidden)
  }

  /// Why single operations of a request were refused.
  package mutating func failures(_ errors: [(error: SCIMError, hidden: String?)], _ types: [ResourceType]) {
    guard !errors.isEmpty else { return }
    json.name("failures")
    json.beginArray()
    for (error, hidden) in errors.prefix(Self.maxListed) { write(error, types, hidden) }
    json.endArray()
  }

  private mutating func write(_ error: SCIMError, _ types: [ResourceType], _ hidden: String?) {
    json.beginObject()
    json.name("code")
    json.string(error.code.rawValue)
    json.name("status")
    json.integer(Int64(error.status))
    json.name("detail")
    json.string(
      mask.detail(hidden.map { mask.text(error.detail, without: $0) } ?? error.detail, names, types))
    if let kind = error.kind {
      json.name("scimType")
      json.string(kind.rawValue)
    }
    if let operation = error.operation {
      json.name("operation")
      json.integer(Int64(operation))
    }
    if let attribute = error.attribute {
      json.name("attribute")
      json.string(mask.name(attribute))
    }
    json.endObject()
  }

  /// Why the credentials were not accepted.
  package mutating func refused(
    _ reason: String, hint: String?, length: Int?, detail: String? = nil, requests: Int
  ) {
    json.name("refused")
    json.beginObject()
    json.name("reason")
    json.string(reason)
    if let hint {
      json.name("hint")
      json.string(hint)
    }
    if let length {
      json.name("length")
      json.integer(Int64(length))
    }
    if let detail {
      json.name("detail")
      json.string(mask.redacted(detail))
    }
    if requests > 1 {
      json.name("requests")
      json.integer(Int64(requests))
    }
    json.endObject()
  }
}
