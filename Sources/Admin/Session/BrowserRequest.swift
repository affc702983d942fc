package import HTTP
import Platform

// What a browser says about the page that sent a request.
extension HTTPRequest {
  /// Whether a page of this origin sent it: it has the field that only such a page can set, and the browser confirms the
  /// origin.
  package func isFromOwnPage(trusting proxies: Set<String>) -> Bool {
    guard let mark = head[.console], mark.elementsEqual("1".utf8) else { return false }
    if let site = head[.fetchSite] { return site.elementsEqual("same-origin".utf8) }
    guard let origin = head[.origin], let host = ownHost(trusting: proxies) else { return false }
    return ["http://", "https://"].contains { (scheme: StaticString) in
      let text = UnsafeBufferPointer(start: scheme.utf8Start, count: scheme.utf8CodeUnitCount)
      return origin.starts(with: text) && origin.dropFirst(text.count).elementsEqual(host.utf8)
    }
  }

  /// Whether a page of this origin sent it, whatever it asks for.
  package var isFromPage: Bool { head[.fetchSite]?.elementsEqual("same-origin".utf8) ?? false }

  /// Whether the browser reached the server by https: it says so itself with every request that changes something, or a
  /// trusted proxy does.
  package func isSecure(trusting proxies: Set<String>) -> Bool {
    if let origin = head[.origin] { return origin.starts(with: "https://".utf8) }
    return proxies.contains(peer.text)
      && head[.forwardedProto].map { $0.elementsEqual("https".utf8) } ?? false
  }

  /// `host[:port]` as the browser sees it.
  package func ownHost(trusting proxies: Set<String>) -> String? {
    guard proxies.contains(peer.text), let host = head[.forwardedHost] else { return head.authority }
    return String(decoding: host, as: UTF8.self)
  }

  /// Whether it comes from this machine.
  package func isLocal(trusting proxies: Set<String>) -> Bool {
    guard !peer.isUnixSocket else { return true }
    return clientAddress(trusting: proxies)?.isLoopback ?? false
  }
}

extension FieldName {
  static var console: FieldName { FieldName("X-Scimd-Console") }
  static var fetchSite: FieldName { FieldName("Sec-Fetch-Site") }
}
