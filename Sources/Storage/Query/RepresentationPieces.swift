import Platform

/// The full representation of a resource in pieces, for a group with so many members that the whole would take too much
/// memory and time at once.
package final class RepresentationPieces: Sendable {
  private enum Stage {
    case head
    case members(ArraySlice<Slot>)
    case end
    case done
  }

  /// Members in one piece: about 60 KiB.
  private static let membersPerPiece = 360

  private let resource: StoredResource
  private let base: String
  private let stage = Locked(Stage.head)

  package init(_ resource: StoredResource, base: String) {
    self.resource = resource
    self.base = base
  }

  /// The next piece; nil after the last.
  package func next() -> [UInt8]? {
    stage.withLock { stage in
      var bytes: [UInt8] = []
      switch stage {
      case .head:
        resource.writeHead(to: &bytes, base)
        stage = resource.members.map { .members($0.slots.sorted()[...]) } ?? .end
        if resource.members != nil { bytes.append(contentsOf: ",\"members\":[".utf8) }
      case .members(let slots):
        bytes.reserveCapacity(RepresentationPieces.membersPerPiece * 180)
        resource.members?.write(slots.prefix(RepresentationPieces.membersPerPiece), to: &bytes, base: base)
        let rest = slots.dropFirst(RepresentationPieces.membersPerPiece)
        bytes.append(rest.isEmpty ? UInt8(ascii: "]") : UInt8(ascii: ","))
        stage = rest.isEmpty ? .end : .members(rest)
      case .end:
        resource.writeMeta(to: &bytes, base)
        bytes.append(UInt8(ascii: "}"))
        stage = .done
      case .done: return nil
      }
      return bytes
    }
  }
}
