import HTTP
import Platform
import Admin
import Credentials
import Storage

@testable import scimd

extension CommandFixture {
  /// Answers on the folder's control socket for a server that has this store, until it is drained.
  func controlServer(_ store: Store) throws -> HTTPServer {
    let keys = try KeyRing(store)
    let server = try HTTPServer(
      listen: [.unix(path: try ControlSocket.path(in: data))], loops: 1, environment: .system,
      handler: ControlService(
        ControlAPI(store, keys: keys),
        admin: AdminAPI(store: store, environment: .system, base: "http://a/scim/v2")))
    server.start()
    return server
  }
}
