/// Makes a large body in pieces.
package protocol HTTPBodyProducer: Sendable {
  /// The next piece, or nil when the body is complete; an error cuts the connection.
  ///
  /// Called on the connection's loop, one call at a time, when the piece before was taken by the
  /// socket; must not block. Pieces of 16 to 64 KiB suit.
  func nextPiece() throws -> [UInt8]?

  /// Asked after an empty piece: whether the producer has nothing now and calls `wake` once, from any thread, when it has
  /// more. The connection waits until then, at most `HTTPLimits.quietSeconds`.
  func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool

  /// Bytes kept in memory until the rest is produced; they count as unsent.
  var heldBytes: Int { get }
}

extension HTTPBodyProducer {
  package func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool { false }

  package var heldBytes: Int { 0 }
}
