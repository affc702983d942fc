/// Makes a large body in pieces.
package protocol HTTPBodyProducer: Sendable {
  /// The next piece, or nil when the body is complete; an error cuts the connection.
  ///
  /// Called on the connection's loop, one call at a time, when the piece before was taken by the
  /// socket; must not block. Pieces of 16 to 64 KiB suit.
  func nextPiece() throws -> [UInt8]?

  /// Bytes kept in memory until the rest is produced; they count as unsent.
  var heldBytes: Int { get }
}

extension HTTPBodyProducer {
  package var heldBytes: Int { 0 }
}
