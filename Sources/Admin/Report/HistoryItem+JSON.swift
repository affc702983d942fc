package import JSON

extension HistoryItem {
  package var json: JSONValue {
    var actor = JSONObject()
    if let key { actor["key"] = .string(key) }
    if let keyName { actor["name"] = .string(keyName) }
    actor["profile"] = .string(profile)
    actor["origin"] = .string(origin)
    actor["command"] = command.map { .string($0) }
    var object: JSONObject = [
      "seq": .integer(Int64(seq)), "time": .string(time), "operation": .string(operation),
      "request": .string(request), "actor": .object(actor),
    ]
    for (member, texts) in [("rules", rules), ("ignored", ignored), ("skipped", skipped)]
    where !texts.isEmpty {
      object[member] = .array(texts.map { .string($0) })
    }
    object["effects"] = .array(effects.map(\.json))
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    let actor = try ObjectReader(try reader.json("actor"), at: "/actor")
    self.init(
      seq: try reader.integer("seq"), time: try reader.text("time"),
      operation: try reader.text("operation"), request: try reader.text("request"),
      key: try actor.optionalText("key"), keyName: try actor.optionalText("name"),
      profile: try actor.text("profile"), origin: try actor.text("origin"),
      command: try actor.optionalText("command"),
      rules: try reader.texts("rules"), ignored: try reader.texts("ignored"),
      skipped: try reader.texts("skipped"),
      effects: try reader.objects("effects") { (reader) throws(AdminProblem) in try Effect(reader) })
  }

  static let schema = AdminSchema.object([
    .init("seq", .integer), .init("time", .text), .init("operation", .text), .init("request", .text),
    .init(
      "actor",
      .object([
        .init("key", .text, optional: true), .init("name", .text, optional: true), .init("profile", .text),
        .init("origin", .text), .init("command", .text, optional: true),
      ])),
    .init("rules", .list(.text), optional: true), .init("ignored", .list(.text), optional: true),
    .init("skipped", .list(.text), optional: true), .init("effects", .list(Effect.schema)),
  ])
}

extension HistoryItem.Effect {
  var json: JSONValue {
    switch self {
    case .created(let resource): return ["created": .object(resource)]
    case .changed(let path, let before, let after):
      return ["changed": .string(path), "before": before ?? .null, "after": after ?? .null]
    case .membersAdded(let others): return Self.json("membersAdded", others)
    case .membersRemoved(let others): return Self.json("membersRemoved", others)
    case .addedTo(let others): return Self.json("addedTo", others)
    case .removedFrom(let others): return Self.json("removedFrom", others)
    case .deleted(let resource): return ["deleted": .object(resource)]
    case .restored(let resource, let deleted):
      return ["restored": .object(resource), "deletedAt": .string(deleted)]
    case .erased: return ["erased": true]
    case .withheld: return ["withheld": true]
    }
  }

  private static func json(_ member: String, _ others: [HistoryItem.Reference]) -> JSONValue {
    .object([
      member: .array(
        others.map { other in
          var object: JSONObject = ["id": .string(other.id)]
          if let name = other.name { object["name"] = .string(name) }
          return .object(object)
        })
    ])
  }

  /// The member that exists decides which effect it is.
  init(_ reader: ObjectReader) throws(AdminProblem) {
    func others(_ member: String) throws(AdminProblem) -> [HistoryItem.Reference] {
      try reader.objects(member) { (reader) throws(AdminProblem) in
        HistoryItem.Reference(id: try reader.text("id"), name: try reader.optionalText("name"))
      }
    }
    if let resource = reader.optionalJSON("created")?.objectValue {
      self = .created(resource)
    } else if let path = try reader.optionalText("changed") {
      self = .changed(path, before: reader.optionalJSON("before"), after: reader.optionalJSON("after"))
    } else if let resource = reader.optionalJSON("deleted")?.objectValue {
      self = .deleted(resource)
    } else if let resource = reader.optionalJSON("restored")?.objectValue {
      self = .restored(resource, deleted: try reader.text("deletedAt"))
    } else if reader.optionalJSON("erased") != nil {
      self = .erased
    } else if reader.optionalJSON("withheld") != nil {
      self = .withheld
    } else if reader.optionalJSON("membersAdded") != nil {
      self = .membersAdded(try others("membersAdded"))
    } else if reader.optionalJSON("membersRemoved") != nil {
      self = .membersRemoved(try others("membersRemoved"))
    } else if reader.optionalJSON("addedTo") != nil {
      self = .addedTo(try others("addedTo"))
    } else {
      self = .removedFrom(try others("removedFrom"))
    }
  }

  static var schema: AdminSchema {
    let others = AdminSchema.list(
      .object([.init("id", .text), .init("name", .text, optional: true)]))
    return .either([
      .object([.init("created", .any)]),
      .object([.init("changed", .text), .init("before", .any), .init("after", .any)]),
      .object([.init("deleted", .any)]), .object([.init("restored", .any), .init("deletedAt", .text)]),
      .object([.init("erased", .boolean)]), .object([.init("withheld", .boolean)]),
      .object([.init("membersAdded", others)]), .object([.init("membersRemoved", others)]),
      .object([.init("addedTo", others)]), .object([.init("removedFrom", others)]),
    ])
  }
}
