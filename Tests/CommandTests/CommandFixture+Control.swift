import Admin
import Credentials
import HTTP
import Platform
import Storage

@testable import scimd

extension CommandFixture {
  /// What a server on this folder with this store administers.
  func world(_ store: Store) throws -> AdminWorld {
    var configuration = Configuration()
    configuration.data = data
    configuration.origins["data"] = .option("--data")
    var environment = Environment.system
    let now = now
    environment.now = { now }
    return AdminWorld(
      store: store, keys: try KeyRing(store), masterKeys: MasterKeys(store, file: nil),
      environment: environment,
      base: configuration.baseURL(port: configuration.listenPort), settings: configuration.report,
      version: Version.text)
  }

  /// Answers on the folder's control socket for a server that has this store, until it is drained.
  func controlServer(_ store: Store) throws -> HTTPServer {
    let server = try HTTPServer(
      listen: [.unix(path: try ControlSocket.path(in: data))], loops: 1, environment: .system,
      handler: ControlService(AdminHandler(try world(store))))
    server.start()
    return server
  }
}
