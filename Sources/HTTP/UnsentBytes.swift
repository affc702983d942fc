import Platform

/// What peers have asked for and do not take, over all connections: when it is too much, the connection that holds most
/// of it is closed, so that those who read are not harmed by those who do not.
final class UnsentBytes: Sendable {
  private struct Reader {
    let connection: Connection
    var bytes: Int
  }

  private struct State {
    var readers: [ObjectIdentifier: Reader] = [:]
    var total = 0

    /// Zero bytes remove the connection.
    mutating func set(_ bytes: Int, of connection: Connection) {
      let key = ObjectIdentifier(connection)
      total += bytes - (readers[key]?.bytes ?? 0)
      readers[key] = bytes > 0 ? Reader(connection: connection, bytes: bytes) : nil
    }
  }

  /// Less of one connection is not counted: as many connections as there may be hold no more than a few MiB of it.
  private static let least = 16 * 1024

  private let state = Locked(State())

  /// What the connection holds now. Returns the connection to close if all hold more than `limit`: the one that holds
  /// most, which is counted no more.
  func set(_ bytes: Int, of connection: Connection, limit: Int) -> Connection? {
    let counted = bytes < Self.least ? 0 : bytes
    guard counted > 0 || connection.countedUnsent > 0 else { return nil }
    connection.countedUnsent = counted
    return state.withLock { state in
      state.set(counted, of: connection)
      guard state.total > limit,
        let largest = state.readers.values.max(by: { $0.bytes < $1.bytes })?.connection
      else { return nil }
      state.set(0, of: largest)
      return largest
    }
  }

  /// Bytes that are counted now.
  var total: Int { state.withLock { $0.total } }
}
