/// The parts of a record that apply to all its changes: number, time and actor.
struct RecordStamp {
  let seq: UInt64
  /// Milliseconds since 1970.
  let time: Int64
  /// The manager of the resources it creates; see `ManagerTable`.
  let manager: String
  /// Whether that is a connection, which also takes over resources that no connection manages.
  let isConnection: Bool

  init(seq: UInt64, time: Int64, _ actor: Actor?) {
    self.seq = seq
    self.time = time
    manager = actor?.manager ?? ""
    isConnection = actor?.connection != nil
  }
}
