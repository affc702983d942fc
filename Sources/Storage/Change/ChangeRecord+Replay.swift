import JSON
import SCIM

extension DirectoryState {
  /// Processes the next entry of the log.
  func take(_ item: LogRecovery.Item) throws(ReplayError) {
    switch item {
    case .state(let entry):
      try restore(line: entry.bytes)
      restored(upTo: entry.seq)
    case .record(let entry):
      let record: JSONValue
      do throws(LogCorruption) { record = try entry.record() } catch { throw ReplayError(error.reason) }
      try replay(record, seq: entry.seq)
    }
  }

  /// Applies the payload of record `seq` as it was read from the journal.
  func replay(_ record: JSONValue, seq: UInt64) throws(ReplayError) {
    guard let time = record["time"]?.instant, let list = record["changes"]?.arrayValue else {
      throw ReplayError("a record needs time and changes")
    }
    guard record["lost"] == nil else {
      throw ReplayError(
        "record \(seq) was lost, so the state cannot be rebuilt beyond it; run `scimd store repair`")
    }
    let stamp = RecordStamp(seq: seq, time: time, Actor(record: record))
    for json in list { apply([try change(json)], stamp) }
    apply([], stamp)
  }

  /// Applies as much of a record as possible, although records before it may be missing. Returns the ids and reasons of
  /// the rest; throws errors caused by the schemas.
  func salvage(
    _ record: JSONValue, seq: UInt64
  ) throws(ReplayError) -> [(id: String, reason: String)] {
    guard let time = record["time"]?.instant, let list = record["changes"]?.arrayValue else {
      return [("", "it has no time or no changes")]
    }
    let stamp = RecordStamp(seq: seq, time: time, Actor(record: record))
    var lost: [(id: String, reason: String)] = []
    for json in list {
      let id = (json["id"] ?? json["members"])?.stringValue ?? ""
      do throws(ReplayError) {
        let change = try change(json)
        lost += try missing(in: change).map { (id, $0) }
        switch change {
        // One of the lost records had deleted it.
        case .create(_, let new, _), .restore(_, let new, _):
          delete(new, stamp)
          forget(new)
        default: break
        }
        apply([change], stamp)
      } catch {
        if error.isAboutSchemas { throw error }
        lost.append((id, "\(error)"))
      }
    }
    apply([], stamp)
    return lost
  }

  /// The memberships of a change whose other side does not exist, in words.
  private func missing(in change: Change) throws(ReplayError) -> [String] {
    switch change {
    case .members(let group, let added, _):
      if slots[group] == nil { throw ReplayError("the group does not exist") }
      return missing("member", added)
    case .restore(_, _, let restoration):
      return missing("group", restoration.groups) + missing("member", restoration.members)
    default: return []
    }
  }

  private func missing(_ role: String, _ ids: [ResourceID]) -> [String] {
    ids.filter { slots[$0] == nil }.map { "its \(role) \($0.text) does not exist" }
  }

  /// Reads one change of a record; throws for one that does not fit the state.
  private func change(_ json: JSONValue) throws(ReplayError) -> Change {
    guard let kind = Change.Kind(json) else {
      throw ReplayError(
        "the kind of a change must be one of \(Change.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    switch kind {
    case .create:
      let type = try type(json, kind)
      return .create(
        type, try id(json["id"]), EncodedDocument(try document(of: json, type), of: type))
    case .update: return try update(json, try type(json, kind))
    case .members:
      return .members(
        group: try id(json["members"]), added: try ids(json["added"]), removed: try ids(json["removed"]))
    case .delete:
      let type = try type(json, kind)
      return .delete(type, try id(json["id"]), try remains(json, type))
    case .restore:
      let type = try type(json, kind)
      return .restore(type, try id(json["id"]), try restoration(json, type))
    case .erase:
      return .erase(
        try type(json, kind), try id(json["id"]), groups: try ids(json["groups"]),
        members: try ids(json["members"]))
    case .manage:
      guard let to = json["to"]?.stringValue else { throw ReplayError("a change of managers names none") }
      return .manage(
        try type(json, kind), try id(json["id"]), from: json["from"]?.stringValue, to: to)
    case .note:
      guard let key = json["note"]?.stringValue else { throw ReplayError("a note has no key") }
      let about = try json["about"].map { about throws(ReplayError) in try id(about) }
      return .note(key: key, about: about, value: json["value"].flatMap { $0.isNull ? nil : $0 })
    // The state does not depend on what they say of the files.
    case .erasure: return .erasure([])
    case .repair: return .repair(Change.Repair(lost: [], segments: []))
    }
  }

  private func type(_ json: JSONValue, _ kind: Change.Kind) throws(ReplayError) -> ResourceType {
    guard let type = try type(json[kind.rawValue]?.stringValue) else {
      throw ReplayError("a change has no resource type")
    }
    return type
  }

  /// Applies the recorded differences to the present document.
  private func update(_ json: JSONValue, _ type: ResourceType) throws(ReplayError) -> Change {
    let id = try id(json["id"])
    guard let slot = slot(of: id, type), let before = entries[slot]?.body.document,
      let after = json["after"]?.objectValue
    else { throw ReplayError("the record updates \(id.text), which does not exist") }
    let changed = fitting(Change.applying(after, to: before), type, id)
    return .update(type, id, before: before, after: changed.ordered(for: type))
  }

  private func remains(_ json: JSONValue, _ type: ResourceType) throws(ReplayError) -> Change.Remains {
    Change.Remains(
      document: try document(of: json, type),
      created: json["created"]?.instant ?? 0, modified: json["modified"]?.instant ?? 0,
      groups: try ids(json["groups"]), members: try ids(json["members"]),
      manager: json["managedBy"]?.stringValue)
  }

  /// A restore with the groups and members that could not be restored.
  private func restoration(_ json: JSONValue, _ type: ResourceType) throws(ReplayError) -> Change.Restoration
  {
    guard json["resource"] != nil, let created = json["created"]?.instant,
      let modified = json["modified"]?.instant, let deleted = json["deleted"]?.instant
    else { throw ReplayError("a restore needs resource, created, modified and deleted") }
    let document = try document(of: json, type)
    let groups = try ids(json["groups"])
    let members = try ids(json["members"])
    let before = json["before"]?.objectValue ?? JSONObject()
    return Change.Restoration(
      document: document,
      remains: Change.Remains(
        document: Change.applying(before, to: document), created: created, modified: modified,
        groups: groups + (try ids(json["lostGroups"])), members: members + (try ids(json["lostMembers"])),
        manager: json["managedBy"]?.stringValue),
      deleted: deleted, groups: groups, members: members, isRevival: json["revived"]?.boolValue ?? false)
  }

  /// Nil without a name; throws for a type that the schemas no longer define.
  func type(_ name: String?) throws(ReplayError) -> ResourceType? {
    guard let name else { return nil }
    guard let type = catalog.type(named: name) else {
      throw ReplayError(
        "resources of type \"\(name)\", a type that is not defined", isAboutSchemas: true)
    }
    return type
  }

  /// The document of a record's or a snapshot's resource. If it does not fit the schemas of its type, something of it
  /// would get lost when it is changed: that is noted, as a later record may have taken it away.
  func document(of json: JSONValue, _ type: ResourceType) throws(ReplayError) -> Document {
    let id = try id(json["id"])
    guard let resource = json["resource"] else { return fitting(Document(), type, id) }
    guard let object = resource.objectValue else { throw ReplayError("a resource is not an object") }
    return fitting(Document(object), type, id)
  }

  /// The same of a stored document; of attributes that this program defines, none is looked at.
  func fitting(_ body: EncodedDocument, _ type: ResourceType, _ id: ResourceID) -> EncodedDocument {
    if !body.hasOnlyKnownExtensions(of: type) { _ = fitting(body.document, type, id) }
    return body
  }

  /// Notes whether the document fits the schemas; only the last state of a resource counts.
  private func fitting(_ document: Document, _ type: ResourceType, _ id: ResourceID) -> Document {
    if let problem = StoredFit.problem(document, type) {
      misfits[id] = problem
    } else if !misfits.isEmpty {
      misfits[id] = nil
    }
    return document
  }

  /// After reading, the active or deleted data that does not fit the schemas; nil if everything fits.
  var misfit: String? {
    misfits.filter { slots[$0.key] != nil || tombstones[$0.key] != nil }.min { $0.key < $1.key }?.value
  }

  /// Only the canonical spelling is accepted, because ids are written in no other one.
  func id(_ json: JSONValue?) throws(ReplayError) -> ResourceID {
    guard let id = json?.stringValue.flatMap({ ResourceID($0) }) else {
      throw ReplayError("an id is not a UUID in lower case")
    }
    return id
  }

  func ids(_ json: JSONValue?) throws(ReplayError) -> [ResourceID] {
    var ids: [ResourceID] = []
    for element in json?.arrayValue ?? [] { ids.append(try id(element)) }
    return ids
  }
}

extension JSONValue {
  /// The instant that a text names, in milliseconds since 1970.
  var instant: Int64? { stringValue.flatMap(DateTime.init)?.milliseconds }
}
