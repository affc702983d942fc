import Synchronization

/// One request that waits for its answer.
final class Exchange: Sendable {
  let connection: Connection
  let sequence: Int
  private let isAnswered = Atomic(false)

  init(connection: Connection, sequence: Int) {
    self.connection = connection
    self.sequence = sequence
  }

  deinit {
    if !isAnswered.load(ordering: .relaxed) {
      connection.loop.server.endRequest()
      connection.loop.deliver(
        EventLoop.Delivery(connection: connection, sequence: sequence, response: nil))
    }
  }

  /// Delivers the answer on the connection's loop; safe from any thread, once.
  func send(_ response: HTTPResponse) {
    guard !isAnswered.exchange(true, ordering: .relaxed) else {
      return assertionFailure("a request is answered once")
    }
    connection.loop.server.endRequest()
    connection.loop.deliver(
      EventLoop.Delivery(connection: connection, sequence: sequence, response: response))
  }
}
