import HTTP
import Platform
import Synchronization

/// Warns about a proxy that is not trusted, if the first requests after the start have X-Forwarded fields and come from
/// an address that is not listed. Such requests are answered, but every client looks like the proxy.
final class ForwardingNotice: Sendable {
  /// Requests that are checked after a start; later ones cost only a load.
  private static let requests = 1000

  private let trusted: Set<String>
  private let warn: @Sendable (String) -> Void
  private let left = Atomic(ForwardingNotice.requests)

  /// - Parameter warn: called once at most.
  init(trusted: Set<String>, warn: @escaping @Sendable (String) -> Void) {
    self.trusted = trusted
    self.warn = warn
  }

  /// Checks a request, while there are any left to check.
  func look(at head: HTTPRequestHead, from peer: PeerAddress) {
    guard left.load(ordering: .relaxed) > 0, left.subtract(1, ordering: .relaxed).newValue >= 0 else {
      return
    }
    guard !peer.isUnixSocket, !trusted.contains(peer.text), Self.isForwarded(head),
      left.exchange(0, ordering: .relaxed) >= 0
    else { return }
    warn(
      "requests from \(peer.text) have X-Forwarded fields, but trustedProxies does not list that address: the fields "
        + "are ignored, and the proxy is logged and counted as the client. If it is your proxy, add --trusted-proxies "
        + "\(peer.text).")
  }

  private static func isForwarded(_ head: HTTPRequestHead) -> Bool {
    head[.forwardedFor] != nil || head[.forwardedProto] != nil || head[.forwardedHost] != nil
  }
}
