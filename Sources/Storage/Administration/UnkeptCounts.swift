/// The tables as they are counted up in memory, with when each was last written.
struct UnkeptCounts {
  /// How often the counts of known attributes are written, in milliseconds.
  static let interval: Int64 = 60_000

  var tables: [String: (table: UnkeptTable, written: Int64)] = [:]
}
