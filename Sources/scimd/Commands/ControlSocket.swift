/// The unix socket in the data folder through which commands reach the running server; mode 0600.
enum ControlSocket {
  static let name = "control.sock"
  /// What the kernel takes as the path of a socket, in bytes.
  static let maxPathBytes = 107

  static func path(in folder: String) throws(CommandError) -> String {
    let path = folder + "/" + name
    guard path.utf8.count <= maxPathBytes else {
      throw CommandError(
        .configuration, "the path \(path) has more than \(maxPathBytes) bytes, too many for a socket",
        advice: "Use a data folder with a shorter path.")
    }
    return path
  }
}
