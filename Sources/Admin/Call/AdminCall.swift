import HTTP
import JSON
import Storage

/// One request on its way to a route's handler, with everything checked that is checked for all routes alike.
struct AdminCall: Sendable {
  let world: AdminWorld
  let caller: AdminCaller
  private(set) var path: [String: String]
  let query: AdminQuery
  let head: HTTPRequestHead
  let body: [UInt8]
  let requestID: String
  /// The directory that the path names; nil for a route above directories, and for one that is to be made.
  let tenant: Directory?
  /// Set if the request must not be carried out twice.
  var idempotency: Idempotency?
  /// The answer to a request that was carried out before, as far as it was kept.
  var keptAnswer: JSONValue?

  /// The same request on one resource, as if the path named it.
  func at(_ id: String) -> AdminCall {
    var call = self
    call.path["id"] = id
    return call
  }

  var directory: Directory {
    guard let tenant else { preconditionFailure("a route of a directory has one") }
    return tenant
  }

  /// The same for a route that can make it: made now if it does not exist, so to be asked for when all else is checked.
  func directoryMadeIfNew() throws(AdminProblem) -> Directory {
    if let tenant { return tenant }
    var context = context("CREATE /directories")
    // The request is remembered with what it does in the directory.
    context.idempotency = nil
    let made = world.store.makeDirectory(DirectoryDescription(name: self["directory"]), context)
    do throws(StoreError) { return try made.get() } catch { throw AdminProblem(error) }
  }

  subscript(segment: String) -> String {
    guard let value = path[segment] else { preconditionFailure("a handler reads the segments of its route") }
    return value
  }

  var isDryRun: Bool { query.has("dryRun") }

  var ifMatch: ArraySlice<UInt8>? { head[.ifMatch] }

  /// The data about the request in records.
  func context(_ operation: String) -> RequestContext {
    var context = RequestContext(
      caller.actor(command: head[.command]), requestID: requestID, operation: operation)
    context.idempotency = idempotency
    return context
  }

  /// The body, which must be one JSON value.
  func json() throws(AdminProblem) -> JSONValue {
    guard !body.isEmpty else { throw AdminProblem(.missingBody, "The request has no body.") }
    do throws(JSONError) { return try JSONParser.parse(body) } catch {
      throw AdminProblem(.invalidJSON, "The body is not valid JSON: \(error).")
    }
  }

  /// The body, which must be a JSON object.
  func object() throws(AdminProblem) -> ObjectReader { try ObjectReader(try json()) }
}
