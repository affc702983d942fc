import JSON
import SCIM

/// When the requests of a connection come, and whether its writes are accepted.
///
/// Providers come in visits: some every 40 minutes, others when something changes, so hardly at night. The longest pause
/// between visits of this week and the week before is the interval that is usual for this connection.
package struct ConnectionActivity: Sendable, Equatable {
  /// The time of its last accepted key, in milliseconds since 1970; nil if it was never used.
  package private(set) var last: Int64?
  private var pauses = 0
  private var longest = (thisWeek: Int64(0), lastWeek: Int64(0))
  private var week = Int64(0)
  /// Writes refused since the last one that was accepted.
  private var refusedWrites = 0

  /// Requests with shorter pauses are of one visit.
  private static let visitPause: Int64 = 60_000
  /// So many pauses must be known before an interval is learnt.
  private static let minPauses = 3
  /// The interval before.
  private static let unknownInterval = 12 * hour
  private static let minSilence = hour
  private static let failingWrites = 10
  private static let hour: Int64 = 3_600_000
  private static let weekLength = 7 * 24 * hour

  package init() {}

  // MARK: Learning

  /// Takes a request whose key was accepted.
  ///
  /// - Parameter time: milliseconds since 1970.
  mutating func saw(at time: Int64, isWrite: Bool, status: Int) {
    learn(time)
    guard isWrite else { return }
    // Neither a full bucket nor a paused server says anything about the writes themselves.
    if (400..<500).contains(status), status != 429 {
      refusedWrites += 1
    } else if status < 400 {
      refusedWrites = 0
    }
  }

  /// The last use of a key of it, which is known even where requests are not looked at.
  package mutating func used(at time: Int64) { last = max(last ?? time, time) }

  private mutating func learn(_ time: Int64) {
    guard let before = last else {
      last = time
      week = time / Self.weekLength
      return
    }
    guard time > before else { return }
    last = time
    let pause = time - before
    guard pause >= Self.visitPause else { return }
    let current = time / Self.weekLength
    if current != week {
      longest = (0, current == week + 1 ? longest.thisWeek : 0)
      week = current
    }
    pauses = min(pauses + 1, Self.minPauses)
    longest.thisWeek = max(longest.thisWeek, pause)
  }

  // MARK: What follows from it

  /// The usual pause between visits, in milliseconds; nil until it is learnt.
  package var interval: Int64? {
    pauses < Self.minPauses ? nil : max(longest.thisWeek, longest.lastWeek)
  }

  /// - Parameter now: milliseconds since 1970.
  package func condition(at now: Int64) -> ConnectionCondition {
    guard let last else { return .waiting }
    if refusedWrites >= Self.failingWrites { return .failing }
    let silence = max(Self.minSilence, 2 * (interval ?? Self.unknownInterval))
    return now - last > silence ? .silent : .connected
  }

  package static func == (a: ConnectionActivity, b: ConnectionActivity) -> Bool {
    a.last == b.last && a.pauses == b.pauses && a.longest == b.longest && a.week == b.week
      && a.refusedWrites == b.refusedWrites
  }

  // MARK: In a note

  var json: JSONValue {
    [
      "last": .integer(last ?? 0), "pauses": .integer(Int64(pauses)), "week": .integer(week),
      "longest": [.integer(longest.thisWeek), .integer(longest.lastWeek)],
      "refusedWrites": .integer(Int64(refusedWrites)),
    ]
  }

  /// Starts from nothing if the note is of another form.
  init(_ json: JSONValue?) {
    func number(_ json: JSONValue?) -> Int64 { max(0, json?.integerValue ?? 0) }
    last = json?["last"]?.integerValue.flatMap { $0 > 0 ? $0 : nil }
    pauses = Int(clamping: min(number(json?["pauses"]), Int64(Self.minPauses)))
    week = number(json?["week"])
    let pair = json?["longest"]?.arrayValue ?? []
    longest = (number(pair.first), number(pair.count > 1 ? pair[1] : nil))
    refusedWrites = Int(clamping: min(number(json?["refusedWrites"]), Int64(Self.failingWrites)))
  }
}
