package import HTTP
import JSON
package import Platform
import SCIM
package import Storage
package import Transfer

/// What the control socket answers beside the keys, for the commands of an administrator:
///
///     GET  /directories/{name}/{type}                200 one line of JSON a resource
///     GET  /directories/{name}/{type}/deleted        200 the same of the deleted ones
///     POST /directories/{name}/{type}/{id}/restore   200 the resource, there again
///     POST /directories/{name}/{type}/{id}/erase     200 what was done; see `DirectoryAdministration.erase`
///     POST /directories/{name}/import?format=csv&... 200 what was done; see `ImportReport` and `query`
///     GET  /backup                                   200 the whole data folder in one file
///     an error                                       4xx or 5xx {"error": "…"}
///
/// `{type}` is the name or the endpoint of a resource type, such as `Users`.
/// It waits for the disk, so it is called off the event loops.
package struct AdminAPI: Sendable {
  private let store: Store
  private let environment: Environment
  private let base: String

  /// - Parameter base: what the links of a restored resource begin with.
  package init(store: Store, environment: Environment, base: String) {
    self.store = store
    self.environment = environment
    self.base = base
  }

  /// Nil where the path is none of its own.
  package func respond(to request: HTTPRequest) -> HTTPResponse? {
    let path = request.head.path.split(separator: UInt8(ascii: "/")).map {
      String(decoding: $0, as: UTF8.self)
    }
    if path == ["backup"], request.head.method == .get {
      return Self.response(.ok, .stream(BackupProducer(pieces: store.backup())))
    }
    guard path.first == "directories" else { return nil }
    if request.head.method == .post, path.count == 3, path[2] == "import" {
      return importing(into: path[1], request)
    }
    guard path.count >= 3 else { return Self.failure(.notFound, "there is nothing here") }
    guard let type = store.catalog.type(called: path[2]) else {
      return Self.failure(.notFound, store.catalog.unknownType(path[2]))
    }
    guard let directory = store.existingDirectory(named: path[1]) else {
      return Self.failure(.notFound, "there is no directory \"\(path[1])\"")
    }
    let administration = DirectoryAdministration(
      directory, environment: environment, origin: "control socket")
    switch (request.head.method, path.count, path.last ?? "") {
    case (.get, 3, _): return Self.lines(administration.list(type, deleted: false))
    case (.get, 4, "deleted"): return Self.lines(administration.list(type, deleted: true))
    case (.post, 5, "restore"): return restore(administration, type, path[3])
    case (.post, 5, "erase"): return erase(administration, type, path[3])
    default: return Self.failure(.notFound, "there is nothing here")
    }
  }

  private func restore(
    _ administration: DirectoryAdministration, _ type: ResourceType, _ id: String
  ) -> HTTPResponse {
    do throws(SCIMError) {
      let bytes = try administration.restore(type, id, base: base)
      return Self.response(.ok, .bytes(bytes))
    } catch {
      return Self.failure(HTTPStatus(rawValue: error.status), error.detail)
    }
  }

  private func erase(
    _ administration: DirectoryAdministration, _ type: ResourceType, _ id: String
  ) -> HTTPResponse {
    guard let id = ResourceID(id) else { return Self.failure(.badRequest, "\"\(id)\" is not an id") }
    do throws(SCIMError) {
      return Self.response(.ok, .bytes(try administration.erase(type, id).serialized()))
    } catch {
      return Self.failure(HTTPStatus(rawValue: error.status), error.detail)
    }
  }

  // MARK: Import

  /// The parameters of an import's target.
  package static func query(_ options: ImportOptions) -> String {
    "format=\(options.format.rawValue)&conflict=\(options.conflict.rawValue)"
      + (options.type.map { "&type=\($0)" } ?? "")
      + (options.isDryRun ? "&dryRun" : "") + (options.isPartial ? "&partial" : "")
  }

  private static func options(_ query: Query) -> ImportOptions? {
    var options = ImportOptions()
    guard let format = query.all("format").first?.value.flatMap(ImportOptions.Format.init(rawValue:)),
      let conflict = query.all("conflict").first?.value.flatMap(ImportOptions.Conflict.init(rawValue:))
    else { return nil }
    options.format = format
    options.conflict = conflict
    options.type = query.all("type").first?.value
    options.isDryRun = !query.all("dryRun").isEmpty
    options.isPartial = !query.all("partial").isEmpty
    return options
  }

  /// The directory is made where it is new.
  private func importing(into name: String, _ request: HTTPRequest) -> HTTPResponse {
    guard let query = try? Query(request.head.query), let options = Self.options(query) else {
      return Self.failure(.badRequest, "an import needs format and conflict")
    }
    guard DataFolder.isValidName(name), case .success(let directory) = store.directory(named: name) else {
      return Self.failure(.notFound, "there is no directory \"\(name)\", and it cannot be made")
    }
    let administration = DirectoryAdministration(
      directory, environment: environment, origin: "control socket")
    do throws(SCIMError) {
      return Self.response(.ok, .bytes(try administration.importing(request.body, options).serialized()))
    } catch {
      return Self.failure(HTTPStatus(rawValue: error.status), error.detail)
    }
  }

  private static func lines(_ pieces: SummaryPieces) -> HTTPResponse {
    response(.ok, .stream(LineProducer(pieces: pieces)))
  }

  private static func failure(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
    response(status, .bytes(JSONValue.object(["error": .string(text)]).serialized()))
  }

  private static func response(_ status: HTTPStatus, _ body: HTTPBody) -> HTTPResponse {
    var fields = HTTPFields()
    fields.append(.contentType, "application/json")
    return HTTPResponse(status: status, fields: fields, body: body)
  }
}

/// Lets a backup out piece by piece.
private struct BackupProducer: HTTPBodyProducer {
  let pieces: BackupPieces

  func nextPiece() throws -> [UInt8]? { try pieces.next() }
}

/// Lets a list out piece by piece.
private struct LineProducer: HTTPBodyProducer {
  let pieces: SummaryPieces

  func nextPiece() -> [UInt8]? { pieces.next() }
}
