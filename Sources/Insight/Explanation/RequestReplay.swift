package import JSON
package import SCIM
package import Storage

/// A request of the ring, tried again on a copy of the state: what it would change now, or why it would be refused.
/// Nothing is stored.
///
/// The entry has the request as it was understood, with masked values: those stay masked, so that an attribute becomes
/// `(masked)` where the request had a value.
package struct RequestReplay: Sendable {
  /// Why a request cannot be tried again, in a sentence.
  package struct Obstacle: Error {
    package let text: String
  }

  private enum Act {
    case create(ResourceCreation)
    case edit(ResourceEdit, ResourceType, String)
    case read(ResourceType, String)
  }

  private let entry: JSONObject
  private let act: Result<Act, SCIMError>

  /// - Parameter profile: that of the key.
  package init(_ entry: JSONValue, _ catalog: Catalog, _ profile: Profile) throws(Obstacle) {
    guard let object = entry.objectValue, entry["erased"] != true else {
      throw Obstacle(text: "The values of this request were erased with the person they were about.")
    }
    guard case nil = object["refused"]?.objectValue else {
      throw Obstacle(text: "Its key was refused, so its body was not read.")
    }
    guard case nil = object["omitted"]?.boolValue else {
      throw Obstacle(text: "Its body is too long to be kept.")
    }
    self.entry = object
    let (method, path) = (object["method"]?.stringValue ?? "", object["path"]?.stringValue ?? "")
    let name = path.split(separator: "/").first.map(String.init) ?? ""
    guard let type = catalog.types.first(where: { $0.endpoint.hasSameBytes(as: "/" + name) }) else {
      throw Obstacle(text: "Only requests for one resource can be tried again, not \(method) \(path).")
    }
    let id = object["resource"]?.stringValue
    let dialect = Dialect(profile: profile)
    let body = object["body"] ?? .null
    switch (method, id) {
    case ("POST", nil) where path.hasSameBytes(as: type.endpoint):
      act = Self.act { () throws(SCIMError) in .create(try ResourceCreation(body, as: type, dialect)) }
    case ("PUT", let id?):
      act = Self.act { () throws(SCIMError) in
        .edit(.replace(try ResourceReplacement(body, as: type, dialect)), type, id)
      }
    case ("PATCH", let id?):
      act = Self.act { () throws(SCIMError) in
        .edit(.modify(try PatchRequest(Self.operations(body), for: type, dialect: dialect)), type, id)
      }
    case ("DELETE", let id?): act = .success(.edit(.delete, type, id))
    case ("GET", let id?): act = .success(.read(type, id))
    default: throw Obstacle(text: "Only requests for one resource can be tried again, not \(method) \(path).")
    }
  }

  private static func act(_ body: () throws(SCIMError) -> Act) -> Result<Act, SCIMError> {
    do throws(SCIMError) { return .success(try body()) } catch { return .failure(error) }
  }

  /// A PATCH as it was understood is a list of operations; one that was not is as it came.
  private static func operations(_ body: JSONValue) -> JSONValue {
    guard case .array = body else { return body }
    return ["schemas": [.string(SchemaURN.patchOp)], "Operations": body]
  }

  /// The entry that the request would have now: with its status, changes and error, without the record and the duration.
  ///
  /// - Parameter context: the key and the connection of the request, whose rules apply.
  package func run(in directory: Directory, _ context: RequestContext, _ ring: RequestRing) -> JSONValue {
    var status = 200
    let result = act.flatMap { act -> Result<ChangeTrace, SCIMError> in
      directory.rehearse(context) { tx throws(SCIMError) in
        switch act {
        case .create(let creation):
          status = 201
          _ = try creation.run(&tx)
        case .edit(let edit, let type, let id):
          if try edit.run(&tx, type, id, ifMatch: nil) == nil { status = 204 }
        case .read(let type, let id): _ = try tx.resource(type, id)
        }
      }.whenDurable()
    }
    var object = entry
    for name in ["time", "microseconds", "record", "changes", "changeCount", "error", "failures", "rules"]
      + ["ignored", "skipped"]
    {
      object[name] = nil
    }
    for member in ring.outcome(result, directory.catalog.types).members { object[member.name] = member.value }
    if case .failure(let error) = result { status = error.status }
    object["status"] = .integer(Int64(status))
    object["statusBefore"] = entry["status"]
    object["dryRun"] = true
    let masked = Self.count(of: ValueMask.masked, in: entry["body"] ?? .null)
    if masked > 0 { object["masked"] = .integer(Int64(masked)) }
    return .object(object)
  }

  /// How often a text is a value.
  private static func count(of text: String, in json: JSONValue) -> Int {
    switch json {
    case .string(let value): value.hasSameBytes(as: text) ? 1 : 0
    case .array(let values): values.reduce(0) { $0 + count(of: text, in: $1) }
    case .object(let object): object.members.reduce(0) { $0 + count(of: text, in: $1.value) }
    default: 0
    }
  }
}

extension RequestRing {
  /// What a trial changed, or why it was refused, as an entry has it.
  fileprivate func outcome(_ result: Result<ChangeTrace, SCIMError>, _ types: [ResourceType]) -> JSONObject {
    var writer = EntryWriter(mask)
    writer.json.beginObject()
    switch result {
    case .success(let trace): writer.outcome(trace)
    case .failure(let error): writer.error(error, types)
    }
    writer.json.endObject()
    var object = (try? JSONParser.parse(writer.json.bytes))?.objectValue ?? JSONObject()
    object["record"] = nil
    return object
  }
}
