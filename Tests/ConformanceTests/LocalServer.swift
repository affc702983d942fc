import Dispatch
import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Credentials
import Protocol
import Storage

/// The real server in this process, on a port of its own and a folder that another start can take over.
final class LocalServer: Sendable {
  let folder: String
  let port: Int
  private let server: HTTPServer
  private let store: Store
  private let keys: KeyAdministration
  private let service: SCIMService

  /// - Parameters:
  ///   - schemas: a folder of schemas and resource types.
  ///   - roles: a file of roles and entitlements.
  init(folder: String, schemas: String? = nil, roles: String? = nil) throws {
    self.folder = folder
    let data = try DataFolder.open(folder)
    store = try Store(
      folder: data, catalog: try schemas.map { try SchemaFolder($0).catalog() } ?? Catalog.standard(),
      options: StoreOptions(), environment: .system,
      report: { _ in })
    let keys = try KeyRing(store)
    var settings = ServiceSettings()
    settings.roles = try roles.map {
      .file(
        try RoleList(try JSONParser.parse(Array(try Data(contentsOf: URL(fileURLWithPath: $0)))), time: 0))
    }
    service = SCIMService(
      store: store, keys: keys, settings: settings, environment: .system, accessLog: nil)
    server = try HTTPServer(
      listen: [.tcp(host: "127.0.0.1", port: 0)], loops: 2, limits: .default, environment: .system,
      handler: service)
    self.keys = KeyAdministration(store, keys)
    port = server.port
    server.start()
  }

  /// One in a folder that nothing else uses; the folder goes with the process's temporary files.
  static func temporary() throws -> LocalServer {
    try LocalServer(folder: NSTemporaryDirectory() + "scimd-conformance-" + UUID().uuidString)
  }

  var root: String { "http://127.0.0.1:\(port)" }

  /// A new key's secret.
  func key(profile: String = "generic", directory: String = "default", user: String? = nil) throws -> String {
    _ = try store.directory(named: directory).get()
    return try keys.create(NewKey(name: "test", profile: profile, directory: directory, user: user)).secret
  }

  func beginDraining() { service.beginDraining() }

  /// As on SIGTERM; false where connections were still open after some seconds.
  func stop() -> Bool {
    let drained = DispatchSemaphore(value: 0)
    server.drain(deadline: 0) { drained.signal() }
    let result = drained.wait(timeout: .now() + 10)
    store.close()
    return result == .success
  }
}
