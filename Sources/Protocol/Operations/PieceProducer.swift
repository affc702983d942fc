import HTTP
import Platform
import SCIM
import Storage

/// Lets large representations out piece by piece, as the peer takes them: a group of a million members, or a page of
/// large groups, never stands in memory as a whole.
final class PieceProducer: HTTPBodyProducer {
  private struct State {
    var head: [UInt8]
    var rest: ArraySlice<StoredResource>
    var isFirst = true
    /// What is left of a large resource.
    var current: RepresentationPieces?
    /// Nil when all is sent.
    var tail: [UInt8]?
    /// Bytes of the documents that are not sent.
    var heldBytes: Int
  }

  /// Bytes from which on a piece is sent; smaller ones are joined.
  private static let pieceBytes = 32 * 1024

  private let state: Locked<State>
  private let base: String
  /// By the name of the type.
  private let projections: [String: Projection]

  /// `head`, the resources with commas between them, `tail`.
  init(
    head: [UInt8] = [], _ resources: [StoredResource], tail: [UInt8] = [], base: String,
    projections: [String: Projection]
  ) {
    state = Locked(
      State(
        head: head, rest: resources[...], tail: tail,
        heldBytes: resources.reduce(0) { $0 + $1.documentBytes }))
    self.base = base
    self.projections = projections
  }

  func nextPiece() -> [UInt8]? {
    state.withLock { state in
      guard let tail = state.tail else { return nil }
      var bytes = state.head
      state.head = []
      while bytes.count < PieceProducer.pieceBytes {
        if let more = state.current?.next() {
          bytes.append(contentsOf: more)
        } else if let resource = state.rest.popFirst() {
          // What is being sent counts no more: at most one document.
          state.heldBytes -= resource.documentBytes
          if !state.isFirst { bytes.append(UInt8(ascii: ",")) }
          state.isFirst = false
          state.current = begin(resource, &bytes)
        } else {
          bytes.append(contentsOf: tail)
          state.tail = nil
          break
        }
      }
      return bytes
    }
  }

  var heldBytes: Int { state.withLock { $0.heldBytes } }

  /// A large resource comes in pieces; any other is appended as a whole, and nothing of it is to come.
  private func begin(_ resource: StoredResource, _ bytes: inout [UInt8]) -> RepresentationPieces? {
    let projection = projections[resource.type.name] ?? .standard(resource.type)
    if resource.isLarge { return RepresentationPieces(resource, base: base, projection) }
    resource.write(to: &bytes, base: base, projection)
    return nil
  }
}
