package import Credentials
package import HTTP
import JSON
import SCIM
package import Storage

/// What the control socket answers: plain JSON, guarded by the socket's file mode 0600 alone.
///
///     GET    /livez       200 {"status": "live"}
///     GET    /keys        200 {"keys": [key…]}
///     POST   /keys        201 the key and, this once, its secret as "key"; the server's "baseURL"
///     DELETE /keys/{id}   200 the key, revoked
///     an error            4xx or 500 {"error": "…"}
///
/// Creating and revoking write a file, so it is called off the event loops.
package struct ControlAPI: Sendable {
  private let keys: KeyRing
  private let administration: KeyAdministration
  private let store: Store
  private let baseURL: String?

  /// - Parameter baseURL: told with a new key, as the address to give to the client beside it.
  package init(
    _ store: Store, keys: KeyRing, baseURL: String? = nil
  ) {
    self.store = store
    self.keys = keys
    self.baseURL = baseURL
    administration = KeyAdministration(store, keys)
  }

  package func respond(to request: HTTPRequest) -> HTTPResponse {
    let path = request.head.path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let first = path.dropFirst().first else { return failure(.notFound, "there is nothing here") }
    let name = String(decoding: first, as: UTF8.self)
    switch (name, path.count) {
    case ("livez", 2):
      return answer(to: request, [.get: { live() }])
    case ("keys", 2):
      return answer(to: request, [.get: { list() }, .post: { create(request.body) }])
    case ("keys", 3):
      let id = String(decoding: path[2], as: UTF8.self)
      return answer(to: request, [.delete: { revoke(id) }])
    default:
      return failure(.notFound, "there is nothing here")
    }
  }

  private func answer(
    to request: HTTPRequest, _ methods: [HTTPMethod: () -> HTTPResponse]
  ) -> HTTPResponse {
    if let method = methods[request.head.method] { return method() }
    var response = failure(.methodNotAllowed, "\(request.head.method.rawValue) is not allowed here")
    let allowed = methods.keys.map(\.rawValue).sorted().joined(separator: ", ")
    response.fields.append(.allow, allowed)
    return response
  }

  private func live() -> HTTPResponse {
    Self.response(.ok, ["status": "live"])
  }

  private func list() -> HTTPResponse {
    let now = keys.now
    return Self.response(.ok, ["keys": .array(keys.keys().map { .object($0.shown(at: now)) })])
  }

  private func create(_ body: [UInt8]) -> HTTPResponse {
    do {
      let new = try NewKey(try JSONParser.parse(body))
      // A new name makes a new directory.
      _ = store.directory(named: new.directory)
      var created = try administration.create(new).shown(at: keys.now)
      if let baseURL { created["baseURL"] = .string(baseURL) }
      return Self.response(.created, .object(created))
    } catch let error as JSONError {
      return failure(.badRequest, "the body is not valid JSON: \(error)")
    } catch let error as MemberError {
      return failure(.badRequest, error.description)
    } catch let error as KeyAdministrationError {
      return failure(to: error)
    } catch {
      return failure(.internalServerError, "\(error)")
    }
  }

  private func revoke(_ id: String) -> HTTPResponse {
    do {
      return Self.response(.ok, .object(try administration.revoke(id).shown(at: keys.now)))
    } catch {
      return failure(to: error)
    }
  }

  private func failure(to error: KeyAdministrationError) -> HTTPResponse {
    switch error {
    case .refused: failure(.badRequest, error.description)
    case .unknownKey, .unknownDirectory: failure(.notFound, error.description)
    case .notTaken(let error): failure(HTTPStatus(rawValue: error.status), error.detail)
    }
  }

  private func failure(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
    Self.failure(status, text)
  }

  static func failure(_ status: HTTPStatus, _ text: String) -> HTTPResponse {
    response(status, ["error": .string(text)])
  }

  private static func response(_ status: HTTPStatus, _ body: JSONValue) -> HTTPResponse {
    var fields = HTTPFields()
    fields.append(.contentType, "application/json")
    return HTTPResponse(status: status, fields: fields, body: .bytes(body.serialized()))
  }
}
