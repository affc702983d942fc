import Credentials
import JSON
import SCIM
import Storage

/// One operation of a bulk job with its route and, unless it refers to resources of the same job, its parsed body.
struct BulkStep: Sendable {
  private enum Action: Sendable {
    case create(ResourceCreation)
    /// The id as in the path.
    case edit(ResourceEdit, id: String)
  }

  /// The bulkIds it refers to.
  let references: [String]
  /// Nil if the path is not that of a resource type.
  let type: ResourceType?
  private let operation: BulkOperation
  private let dialect: Dialect
  /// The id in the path; nil for a collection.
  private let pathID: String?
  /// Nil for an operation with references, whose body can be parsed only when their ids are known.
  private let prepared: Result<Action, SCIMError>?
  /// Why it cannot run, whatever its body is.
  private let refusal: SCIMError?

  /// - Parameter scopes: the scopes of the key.
  init(_ operation: BulkOperation, _ router: Router, _ dialect: Dialect, _ scopes: Scopes) {
    self.operation = operation
    self.dialect = dialect
    var type: ResourceType?
    var pathID: String?
    var refusal: SCIMError?
    do throws(SCIMError) {
      let method = try operation.checkedMethod()
      (type, pathID) = try BulkStep.target(operation.path ?? "", method, router)
    } catch {
      refusal = error
    }
    if refusal == nil, let type { refusal = KeyReach.refusal(scopes, ofChanging: type) }
    self.type = type
    references = BulkReferences.targets(of: operation, on: type)
    self.pathID = pathID
    self.refusal = refusal
    guard references.isEmpty, refusal == nil, let type else {
      prepared = nil
      return
    }
    prepared = Result { () throws(SCIMError) in
      try BulkStep.action(operation, operation.data, type, pathID, dialect)
    }
  }

  /// POST is for the endpoint of a resource type, all else for a resource; jobs cannot be nested.
  private static func target(
    _ path: String, _ method: BulkOperation.Method, _ router: Router
  ) throws(SCIMError) -> (ResourceType, String?) {
    let bytes = Array((path.utf8.first == UInt8(ascii: "/") ? path : "/" + path).utf8)
    let route = router.route(bytes[...])
    switch (route, method) {
    case (.collection(let type), .post) where !type.isReadOnly: return (type, nil)
    case (.resource(let type, let id), .put) where !type.isReadOnly,
      (.resource(let type, let id), .patch) where !type.isReadOnly,
      (.resource(let type, let id), .delete) where !type.isReadOnly:
      return (type, String(decoding: id, as: UTF8.self))
    case (.collection, _), (.resource, _):
      throw SCIMError(
        .methodNotAllowed,
        "\(method.rawValue) is not allowed on \(route.template) in a bulk request.")
    default:
      throw SCIMError(
        .bulkPathUnknown,
        "\"\(path.prefix(64))\" is neither the endpoint of a resource type nor a resource; a bulk request can change "
          + "nothing else.")
    }
  }

  /// Parses the body of an operation, with its references replaced.
  private static func action(
    _ operation: BulkOperation, _ data: JSONValue?, _ type: ResourceType, _ id: String?, _ dialect: Dialect
  ) throws(SCIMError) -> Action {
    let json = data ?? .null
    guard let id else { return .create(try ResourceCreation(json, as: type, dialect)) }
    switch operation.method {
    case .put: return .edit(.replace(try ResourceReplacement(json, as: type, dialect)), id: id)
    case .patch: return .edit(.modify(try PatchRequest(patchBody(json), for: type, dialect: dialect)), id: id)
    default: return .edit(.delete, id: id)
    }
  }

  /// Clients that follow the examples of RFC 7644 without erratum 5050 send the operations alone.
  private static func patchBody(_ json: JSONValue) -> JSONValue {
    guard case .array = json else { return json }
    return ["schemas": [.string(SchemaURN.patchOp)], "Operations": json]
  }

  /// The id in the path, with a reference replaced; nil for a collection and for an unknown reference.
  func target(_ ids: [String: String]) -> String? {
    guard let pathID else { return nil }
    guard let target = BulkReferences.target(of: pathID) else { return pathID }
    return ids[target]
  }

  /// The id of the resource, and whether it is new.
  func run(_ tx: inout Transaction, _ ids: [String: String]) throws(SCIMError) -> (id: String, created: Bool)
  {
    let action: Action
    do throws(SCIMError) { action = try self.action(ids) } catch {
      // A resource that does not exist is 404, whatever is wrong with the body.
      if refusal == nil, let type, let id = target(ids) { _ = try tx.resource(type, id) }
      throw error
    }
    switch action {
    case .create(let creation): return (try creation.run(&tx).text, true)
    case .edit(let edit, let id):
      guard let type else { throw .notFound(id) }
      _ = try edit.run(&tx, type, id, ifMatch: operation.version.map { Array($0.utf8)[...] })
      return (id, false)
    }
  }

  /// The action, with references replaced by the ids known so far; throws the refusal.
  private func action(_ ids: [String: String]) throws(SCIMError) -> Action {
    if let refusal { throw refusal }
    if let prepared { return try prepared.get() }
    guard let type else { throw SCIMError(.bulkPathMissing, "\"path\" is missing.") }
    let data = operation.data.map { BulkReferences.replaced(in: $0, of: operation, on: type) { ids[$0] } }
    return try BulkStep.action(operation, data, type, target(ids), dialect)
  }

  // MARK: Circles

  /// Creates the resource under a reserved id, without the members that do not exist yet.
  func createShell(
    _ tx: inout Transaction, _ ids: [String: String], _ id: ResourceID?, without later: Set<String>
  ) throws(SCIMError) -> ResourceID {
    guard case .create(let creation) = try action(ids) else {
      throw SCIMError(.bulkIdUnknown, "A bulkId can only refer to a POST.")
    }
    tx.understanding.add(creation.dialect, of: creation.type)
    return try tx.create(
      creation.type, creation.document, members: creation.members.filter { !later.contains($0) },
      skipsUnknown: creation.skipsUnknown, id: id)
  }

  /// Adds the references missing from the shell, now that all ids are known.
  func completeShell(
    _ tx: inout Transaction, _ ids: [String: String], _ id: String, with members: Set<String>
  ) throws(SCIMError) {
    guard case .create(let creation) = try action(ids) else { return }
    let shell = try tx.resource(creation.type, id)
    try tx.update(
      shell, creation.document, [.add(creation.members.filter(members.contains))], skipsUnknown: false)
  }
}
