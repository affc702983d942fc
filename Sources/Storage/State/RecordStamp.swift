/// What a record says of every change in it: its number, its time and who made it.
struct RecordStamp {
  let seq: UInt64
  /// Milliseconds since 1970.
  let time: Int64
  /// What the resources that it creates are managed by; see `ManagerTable`.
  let manager: String
  /// Whether that is a connection, which also takes over what no connection manages.
  let isConnection: Bool

  init(seq: UInt64, time: Int64, _ actor: Actor?) {
    self.seq = seq
    self.time = time
    manager = actor?.manager ?? ""
    isConnection = actor?.connection != nil
  }
}
