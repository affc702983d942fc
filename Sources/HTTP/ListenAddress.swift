/// Where a server listens.
package enum ListenAddress: Sendable, Equatable {
  /// A numeric IPv4 or IPv6 address, `localhost` or `*`; port 0 lets the kernel choose.
  case tcp(host: String, port: Int)
  /// A socket file with its permission bits; a stale one is replaced.
  case unix(path: String, mode: UInt32 = 0o600)
  /// A listening socket that the service manager opened, by its descriptor.
  case inherited(Int32)
}
