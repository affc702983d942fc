import Client
import Platform

/// One call to a receiver, through the outbound guard. Blocks; to be used on threads of its own.
struct EventPost: Sendable {
  /// Bytes of an answer that are kept.
  private static let keptBytes = 1024
  private static let maxRetryAfter = 3600

  private let outbound: OutboundGuard
  private let environment: Environment

  init(_ outbound: OutboundGuard, _ environment: Environment) {
    self.outbound = outbound
    self.environment = environment
  }

  /// The attempt with what came of it.
  func send(
    _ attempt: WebhookAttempt, _ fields: [(String, String)], _ body: [UInt8], to url: String, timeout: Int
  ) -> WebhookAttempt {
    var attempt = attempt
    let start = environment.monotonic()
    do throws(ClientError) {
      let place = try outbound.place(of: url)
      let response = try HTTPClient.brief(
        "POST", place.base, path: place.path, address: place.address, fields: fields, body: body,
        keep: Self.keptBytes, timeoutSeconds: Double(timeout))
      attempt.status = response.status
      if place.isPublic { attempt.answer = String(decoding: response.body, as: UTF8.self) }
      attempt.outcome = Self.outcome(of: response)
    } catch {
      attempt.error = "\(error)"
    }
    attempt.milliseconds = Int64(clamping: (environment.monotonic() &- start) / 1_000_000)
    return attempt
  }

  static func outcome(of response: ClientResponse) -> WebhookOutcome {
    switch response.status {
    case 200..<300: return .accepted
    case 410: return .gone
    case 429, 502, 503, 504: return .failed(slowDown: retryAfter(response) ?? 5000)
    default: return .failed(slowDown: retryAfter(response))
    }
  }

  /// In milliseconds, at most an hour; a date counts as a minute.
  private static func retryAfter(_ response: ClientResponse) -> Int64? {
    guard let text = response.field("Retry-After") else { return nil }
    guard let seconds = Int(text), seconds >= 0 else { return 60_000 }
    return Int64(min(seconds, maxRetryAfter)) * 1000
  }
}
