package import Platform

// The sender of a request: the peer, or the client that the peer names if it is a trusted proxy.
extension HTTPRequest {
  /// The client's address as text; of a proxy's word at most 64 bytes.
  package func client(trusting proxies: Set<String>) -> String {
    forwarded(trusting: proxies) ?? peer.text
  }

  /// The same as an address; nil if a trusted proxy's word is not one.
  package func clientAddress(trusting proxies: Set<String>) -> PeerAddress? {
    guard let word = forwarded(trusting: proxies) else { return peer }
    return PeerAddress(text: word)
  }

  /// The address that limits apply to; the proxy's own if it reports no valid address.
  package func clientNetwork(trusting proxies: Set<String>) -> PeerAddress.Network {
    forwarded(trusting: proxies).flatMap { PeerAddress(text: $0) }?.network ?? peer.network
  }

  /// The last address of X-Forwarded-For: the one that the proxy itself has seen.
  private func forwarded(trusting proxies: Set<String>) -> String? {
    // Mostly there are none, and every request asks.
    guard !proxies.isEmpty, proxies.contains(peer.text), let list = head[.forwardedFor],
      let last = list.split(separator: UInt8(ascii: ",")).last
    else { return nil }
    return String(decoding: last.filter { $0 != UInt8(ascii: " ") }.prefix(64), as: UTF8.self)
  }
}
