/// What came of one call.
package enum WebhookOutcome: Sendable, Equatable {
  case accepted
  /// - Parameter slowDown: the milliseconds for which nothing else should be sent; nil for no such wish.
  case failed(slowDown: Int64?)
  /// 410: the receiver wants no more.
  case gone
}
