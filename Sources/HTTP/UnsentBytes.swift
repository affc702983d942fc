import Platform

/// Bytes of answers that peers do not read, over all connections: above a limit the connection with the most is closed,
/// so that slow peers do not harm the others.
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

  /// Sets the bytes of a connection. Returns the connection to close if the total exceeds `limit`: the one with the most,
  /// which no longer counts.
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
