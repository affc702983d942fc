import HTTP
import Platform
import Synchronization

/// Notices a proxy that is not trusted: after the start, requests with X-Forwarded fields from an address that nobody
/// named. They are right, but every client looks like the proxy.
final class ForwardingNotice: Sendable {
  /// Requests that are looked at after a start; so that later ones cost nothing.
  private static let requests = 1000

  private let trusted: Set<String>
  private let warn: @Sendable (String) -> Void
  private let left = Atomic(ForwardingNotice.requests)

  /// - Parameter warn: called once at most.
  init(trusted: Set<String>, warn: @escaping @Sendable (String) -> Void) {
    self.trusted = trusted
    self.warn = warn
  }

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
