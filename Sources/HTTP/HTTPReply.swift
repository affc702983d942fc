import Synchronization

/// The right to answer one request, once, from any thread.
///
/// On the loop's own thread, inside `handle`, the response is written at once; from elsewhere it hops
/// to the loop. A reply dropped without `send` closes the connection.
package struct HTTPReply: Sendable {
  private enum Target: Sendable {
    case exchange(Exchange)
    case closure(@Sendable (HTTPResponse) -> Void)
  }

  private let target: Target

  init(exchange: Exchange) {
    target = .exchange(exchange)
  }

  /// A reply that goes to `receive` instead of a connection, to call a handler in process.
  package init(_ receive: @escaping @Sendable (HTTPResponse) -> Void) {
    target = .closure(receive)
  }

  /// Answers the request; a second answer is dropped.
  package func send(_ response: HTTPResponse) {
    switch target {
    case .exchange(let exchange): exchange.send(response)
    case .closure(let receive): receive(response)
    }
  }
}
