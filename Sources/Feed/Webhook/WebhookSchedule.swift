/// When an event is sent again after it failed.
package struct WebhookSchedule: Sendable, Equatable {
  /// Seconds between attempts; the webhook is disabled when the last one failed.
  package let seconds: [Int]

  /// 75 hours, as Standard Webhooks recommends.
  package static let standard = WebhookSchedule(
    seconds: [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])

  package init(seconds: [Int]) {
    precondition(!seconds.isEmpty, "a schedule has an attempt")
    self.seconds = seconds
  }

  /// Milliseconds until the next attempt after so many failed; nil if none follows.
  ///
  /// - Parameter jitter: 0 to 255, by which a wait is up to a tenth longer, so that not all come at once.
  func wait(after failures: Int, jitter: UInt8) -> Int64? {
    guard failures < seconds.count else { return nil }
    let milliseconds = Int64(seconds[failures]) * 1000
    return milliseconds + milliseconds / 10 * Int64(jitter) / 255
  }
}
