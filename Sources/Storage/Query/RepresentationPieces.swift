import Platform

/// The full representation of a resource in pieces, for a group with so many members that the whole would take too much
/// memory and time at once.
package final class RepresentationPieces: Sendable {
  private enum Stage {
    case head
    /// From this slot on.
    case members(Slot)
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
        stage = resource.members == nil ? .end : .members(0)
        if resource.members != nil { bytes.append(contentsOf: ",\"members\":[".utf8) }
      case .members(let start):
        bytes.reserveCapacity(RepresentationPieces.membersPerPiece * 180)
        let next = writeMembers(from: start, to: &bytes)
        bytes.append(next == nil ? UInt8(ascii: "]") : UInt8(ascii: ","))
        stage = next.map { .members($0) } ?? .end
      case .end:
        resource.writeMeta(to: &bytes, base)
        bytes.append(UInt8(ascii: "}"))
        stage = .done
      case .done: return nil
      }
      return bytes
    }
  }

  /// Returns where the next piece begins; nil after the last.
  private func writeMembers(from start: Slot, to bytes: inout [UInt8]) -> Slot? {
    guard let members = resource.members else { return nil }
    let found = members.slots.slots(from: start, limit: RepresentationPieces.membersPerPiece + 1)
    members.write(found.prefix(RepresentationPieces.membersPerPiece), to: &bytes, base: base)
    return found.count > RepresentationPieces.membersPerPiece ? found.last : nil
  }
}
