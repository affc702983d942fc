import HTTP
import Platform

/// The listening socket that a service manager opened for `listen` (socket activation): it stays open while the server
/// restarts, so that no connection is refused meanwhile.
enum PassedSocket {
  /// The address of the main listener: the socket that was passed on, or else that of `listen`.
  static func address(
    _ configuration: Configuration, _ console: Console
  ) throws(CommandError) -> ListenAddress {
    switch ServiceManager.passedSockets({ console.variables[$0] }) {
    case ...0: return configuration.listen.address
    case 1: return .inherited(ServiceManager.firstSocket)
    case let count:
      throw CommandError(
        .configuration, "the service manager passed \(count) sockets on, and the server takes one",
        advice: "Leave one ListenStream in the socket unit: the one for `listen`.")
    }
  }

  /// Warns if the socket has another port than `listen`, whose address is in URLs.
  static func check(_ port: Int, _ configuration: Configuration, _ console: Console) {
    guard ServiceManager.passedSockets({ console.variables[$0] }) == 1, port != configuration.listenPort
    else {
      return
    }
    console.log(
      .warning,
      "the service manager's socket has port \(port), and `listen` is \(configuration.listen): set both to the same "
        + "address, which URLs are made of")
  }
}
