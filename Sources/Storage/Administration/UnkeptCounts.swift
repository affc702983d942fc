import JSON
import SCIM

/// The tables as they are counted up in memory, with when each was last written.
struct UnkeptCounts {
  /// How often the counts of known attributes are written, in milliseconds.
  private static let interval: Int64 = 60_000

  /// By note; `written` is nil for a table whose news are not written yet.
  private(set) var tables: [String: (table: UnkeptTable, written: Int64?)] = [:]

  /// Counts the attributes of one request; true if there is news.
  ///
  /// - Parameter kept: the value of the note, which counting begins with.
  mutating func add(
    _ unkept: [(resourceType: String, attribute: UnkeptAttribute)], to note: String, kept: JSONValue?,
    at now: Int64
  ) -> Bool {
    var (table, written) = tables[note] ?? (UnkeptTable(kept: kept), nil)
    let hasNews = table.add(unkept, at: now)
    tables[note] = (table, hasNews ? nil : written)
    return hasNews
  }

  /// The counts that a record should store now; nil if they were stored recently.
  mutating func due(_ note: String, at now: Int64) -> JSONValue? {
    guard let (table, written) = tables[note], written.map({ now - $0 >= Self.interval }) ?? true else {
      return nil
    }
    tables[note] = (table, now)
    return table.json
  }
}
