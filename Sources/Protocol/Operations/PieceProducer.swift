import HTTP
import Platform
import SCIM
import Storage

/// Sends large representations piece by piece as the peer reads them, so that a group of a million members or a page of
/// large groups is never in memory as a whole. Resources shown as stored are copied when they are sent. Projections are
/// written at once, by the creator of the producer, because they would block the event loop for too long.
final class PieceProducer: HTTPBodyProducer {
  /// One resource of the list.
  private enum Part {
    case stored(StoredResource)
    case written([UInt8])
    case pieces(RepresentationPieces, documentBytes: Int)

    /// Bytes in memory until it is sent.
    var heldBytes: Int {
      switch self {
      case .stored(let resource): resource.documentBytes
      case .written(let bytes): bytes.count
      case .pieces(_, let documentBytes): documentBytes
      }
    }
  }

  private struct State {
    var head: [UInt8]
    var rest: ArraySlice<Part>
    var isFirst = true
    /// The rest of a large resource.
    var current: RepresentationPieces?
    /// Nil when all is sent.
    var tail: [UInt8]?
    /// The sum of the parts not begun yet.
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
    let parts = resources.map { PieceProducer.part($0, base, projections[$0.type.name]) }
    state = Locked(
      State(head: head, rest: parts[...], tail: tail, heldBytes: parts.reduce(0) { $0 + $1.heldBytes }))
    self.base = base
    self.projections = projections
  }

  /// Writes a projected resource now, unless it is large.
  private static func part(_ resource: StoredResource, _ base: String, _ projection: Projection?) -> Part {
    guard let projection, !projection.isVerbatim else { return .stored(resource) }
    if resource.isLarge {
      return .pieces(
        RepresentationPieces(resource, base: base, projection), documentBytes: resource.documentBytes)
    }
    var bytes: [UInt8] = []
    resource.write(to: &bytes, base: base, projection)
    return .written(bytes)
  }

  /// Nil after the tail.
  func nextPiece() -> [UInt8]? {
    state.withLock { state in
      guard let tail = state.tail else { return nil }
      var bytes = state.head
      state.head = []
      while bytes.count < PieceProducer.pieceBytes {
        if let more = state.current?.next() {
          bytes.append(contentsOf: more)
        } else if let part = state.rest.popFirst() {
          state.heldBytes -= part.heldBytes
          if !state.isFirst { bytes.append(UInt8(ascii: ",")) }
          state.isFirst = false
          state.current = begin(part, &bytes)
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

  /// Appends a resource as a whole, or returns the pieces of a large one.
  private func begin(_ part: Part, _ bytes: inout [UInt8]) -> RepresentationPieces? {
    switch part {
    case .pieces(let pieces, _): return pieces
    case .written(let written): bytes.append(contentsOf: written)
    case .stored(let resource):
      let projection = projections[resource.type.name] ?? .standard(resource.type)
      if resource.isLarge { return RepresentationPieces(resource, base: base, projection) }
      resource.write(to: &bytes, base: base, projection)
    }
    return nil
  }
}
