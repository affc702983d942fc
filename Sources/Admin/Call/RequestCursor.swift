/// Where a list of requests continues, newest first.
struct RequestCursor {
  /// Of one directory: only entries before this one.
  private(set) var number: UInt64?
  /// Of several: only entries of this time or earlier, in milliseconds since 1970; and how many of exactly this time were
  /// shown before.
  private(set) var time: Int64?
  private(set) var skipped = 0
  private let isOfOne: Bool

  /// - Parameter text: the cursor; nil for the first page.
  init(_ text: String?, isOfOne: Bool) throws(AdminProblem) {
    self.isOfOne = isOfOne
    guard let text else { return }
    if isOfOne {
      number = try PageCursor.number(text)
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "c", let time = Int64(parts[1], radix: 36),
      let skipped = Int(parts[2], radix: 36), (0...1_000_000).contains(skipped)
    else { throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor") }
    self.time = time
    self.skipped = skipped
  }

  /// How many of these times, in order, were shown before.
  func skips(_ times: [Int64]) -> Int {
    time.map { time in min(skipped, times.prefix { $0 == time }.count) } ?? 0
  }

  /// - Parameters:
  ///   - number: of the last entry of this page.
  ///   - shown: how many entries of its time are on this page.
  func next(number: UInt64, time: Int64, shown: Int) -> String {
    guard !isOfOne else { return PageCursor.text(number) }
    return PageCursor.text(UInt64(clamping: time), UInt64(shown + (time == self.time ? skipped : 0)))
  }
}
