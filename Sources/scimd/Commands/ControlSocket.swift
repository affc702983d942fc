import Client
import Platform

/// The unix socket in the data folder through which commands reach the running server; mode 0600.
enum ControlSocket {
  static let name = "control.sock"
  /// The kernel's limit for the path of a socket, in bytes.
  static let maxPathBytes = 107

  /// The path of the socket; throws if the kernel would not accept a path of that length.
  static func path(in folder: String) throws(CommandError) -> String {
    let path = folder + "/" + name
    guard path.utf8.count <= maxPathBytes else {
      throw CommandError(
        .configuration, "the path \(path) is longer than \(maxPathBytes) bytes, too long for a socket",
        advice: "Use a data folder with a shorter path.")
    }
    return path
  }

  /// The socket to which `scimd console` forwards, if no listener has the console.
  static func consolePath(in folder: String) throws(CommandError) -> String {
    // Checks the longer name.
    _ = try path(in: folder)
    return folder + "/console.sock"
  }

  /// Whether a server answers there.
  static func isAnswered(in folder: String) -> Bool {
    guard let socket = try? path(in: folder), FileSystem.exists(socket) else { return false }
    let client = HTTPClient(base: ClientBase(unixPath: socket), token: nil, timeoutSeconds: 1)
    return (try? client.send(method: "GET", path: "/livez"))?.status == 200
  }
}
