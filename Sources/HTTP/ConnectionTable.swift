/// The connections of one loop by token; a token is never valid for a later connection.
struct ConnectionTable {
  /// Smaller tokens belong to the timer and the listeners.
  static let firstToken: UInt64 = 1 << 32

  private var slots: [Connection?] = []
  private var free: [Int] = []
  private var generation: UInt64 = 0
  private(set) var count = 0
  /// How many of them have a reserved place.
  private(set) var kept = 0

  var isEmpty: Bool { count == 0 }

  var all: [Connection] { slots.compactMap { $0 } }

  /// The token is the slot in the low half and a generation, never 0, in the high half.
  mutating func insert(_ connection: Connection) {
    let slot = free.popLast() ?? slots.count
    if slot == slots.count { slots.append(nil) }
    generation = generation % 0xffff_fffe + 1
    connection.token = generation << 32 | UInt64(slot)
    slots[slot] = connection
    count += 1
    if connection.place == .kept { kept += 1 }
  }

  /// Nil for a connection that is gone, although its slot may be in use again.
  subscript(token: UInt64) -> Connection? {
    let slot = Int(token & 0xffff_ffff)
    guard slot < slots.count, let connection = slots[slot], connection.token == token else { return nil }
    return connection
  }

  /// The connection in such a place that gives way to a new one, nil if every one has a request under way.
  func givingWay(_ place: ServerState.Place) -> Connection? {
    var first: Connection?
    var best = (ConnectionState.Precedence.none, UInt64.max)
    for case let connection? in slots where connection.place == place {
      let candidate = (connection.state.precedence, connection.deadline)
      guard candidate < best else { continue }
      best = candidate
      first = connection
    }
    return first
  }

  /// Harmless for a connection that is not in the table.
  mutating func remove(_ connection: Connection) {
    let slot = Int(connection.token & 0xffff_ffff)
    guard slot < slots.count, slots[slot] === connection else { return }
    slots[slot] = nil
    free.append(slot)
    count -= 1
    if connection.place == .kept { kept -= 1 }
  }
}
