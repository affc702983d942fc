import HTTP
import Storage

/// Lets a large representation out piece by piece, as the peer takes it.
struct PieceProducer: HTTPBodyProducer {
  let pieces: RepresentationPieces

  func nextPiece() -> [UInt8]? { pieces.next() }
}
