import HTTP
import JSON
import Storage

/// One request for a route's handler; everything that is common to all routes has been checked.
struct AdminCall: Sendable {
  let world: AdminWorld
  let caller: AdminCaller
  private(set) var path: [String: String]
  let query: AdminQuery
  let head: HTTPRequestHead
  let body: [UInt8]
  let requestID: String
  /// The directory in the path; nil for a route outside directories, and for a directory to be created.
  let tenant: Directory?
  /// Set if the request must not be carried out twice.
  var idempotency: Idempotency?
  /// The stored part of the answer to a request that was carried out before.
  var keptAnswer: JSONValue?

  /// Whether an event loop asks, which must not wait and leaves what takes longer to a worker.
  var isOnLoop = false

  /// The value, when it is on disk. An event loop does not wait for that: the request goes to a worker.
  func value<Value>(of pending: Pending<Value>) throws(AdminProblem) -> Value {
    guard isOnLoop else { return pending.whenDurable() }
    guard let value = pending.ifDurable else { throw .later }
    return value
  }

  /// The same request on one resource, as if the path named it.
  func at(_ id: String) -> AdminCall {
    var call = self
    call.path["id"] = id
    return call
  }

  /// The directory in the path; traps for a route that is not of a directory.
  var directory: Directory {
    guard let tenant else { preconditionFailure("a route of a directory has one") }
    return tenant
  }

  /// The same for a route that can create it: created now if it does not exist, so call this after all other checks.
  func directoryMadeIfNew() throws(AdminProblem) -> Directory {
    if let tenant { return tenant }
    var context = context("CREATE /directories")
    // The request is remembered together with its changes in the directory.
    context.idempotency = nil
    let made = world.store.makeDirectory(DirectoryDescription(name: self["directory"]), context)
    do throws(StoreError) { return try made.get() } catch { throw AdminProblem(error) }
  }

  /// The value of a path parameter, decoded; traps for a name that the route does not have.
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
