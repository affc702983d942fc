import Platform

/// The last calls to each webhook and stream, in memory.
package final class WebhookAttempts: Sendable {
  private static let limit = 500
  /// Webhooks of which calls are kept.
  private static let maxWebhooks = 1000

  private let calls = Locked<[String: [WebhookAttempt]]>([:])

  package func add(_ attempt: WebhookAttempt, _ id: String) {
    calls.withLock { calls in
      guard calls[id] != nil || calls.count < Self.maxWebhooks else { return }
      calls[id, default: []].append(attempt)
      // Half of them at once, so that each is moved once.
      if calls[id]?.count ?? 0 >= 2 * Self.limit { calls[id]?.removeFirst(Self.limit) }
    }
  }

  /// Newest first.
  package func last(of id: String) -> [WebhookAttempt] {
    calls.withLock { ($0[id] ?? []).suffix(Self.limit).reversed() }
  }

  package func forget(_ id: String) { calls.withLock { $0[id] = nil } }
}
