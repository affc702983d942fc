package import Platform

/// A whole request: head, body with the chunked coding removed, and who sent it.
package struct HTTPRequest: Sendable {
  package var head: HTTPRequestHead
  package var body: [UInt8]
  package var peer: PeerAddress

  package init(head: HTTPRequestHead, body: [UInt8], peer: PeerAddress) {
    self.head = head
    self.body = body
    self.peer = peer
  }
}
