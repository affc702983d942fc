import JSON
import Platform
package import SCIM

/// The representation of a resource in pieces, if the whole would take too much memory and time at once: a group with
/// many members, a user in many groups, a document with large values. The values are not copied before their turn.
package final class RepresentationPieces: Sendable {
  private enum Stage {
    /// The part before the groups, starting with the first of these slices.
    case text([ArraySlice<UInt8>])
    /// From this group on.
    case groups(Int)
    /// From this slot on.
    case members(Slot)
    case end
    case done
  }

  /// Groups or members in one piece: about 60 KiB.
  private static let referencesPerPiece = 360
  /// Bytes of text in one piece.
  private static let textPerPiece = 32 * 1024

  private let resource: StoredResource
  private let base: String
  /// Nil if none of them is shown.
  private let groups: ReferenceParts?
  private let members: ReferenceParts?
  private let end: [UInt8]
  private let stage: Locked<Stage>

  /// A projection is computed at once; a resource shown as stored is not copied before its turn.
  package init(_ resource: StoredResource, base: String, _ projection: Projection) {
    self.resource = resource
    self.base = base
    if projection.isVerbatim {
      groups = resource.groups.isEmpty ? nil : .ofGroup
      members = resource.members == nil ? nil : .ofMember
      var start: [UInt8] = []
      resource.writeStart(to: &start)
      var end: [UInt8] = []
      resource.writeMeta(to: &end, base)
      end.append(UInt8(ascii: "}"))
      self.end = end
      stage = Locked(.text([start[...]] + resource.attributeSlices(base)))
    } else {
      let parts = resource.projected(base, projection)
      (groups, members, end) = (parts.groups, parts.members, parts.end)
      stage = Locked(.text([parts.start[...]]))
    }
  }

  /// The next piece; nil after the last.
  package func next() -> [UInt8]? {
    stage.withLock { stage in
      var bytes: [UInt8] = []
      switch stage {
      case .text(var slices):
        RepresentationPieces.takeText(from: &slices, to: &bytes)
        stage = slices.isEmpty ? groups == nil ? beginMembers(&bytes) : .groups(0) : .text(slices)
        if case .groups = stage { bytes.append(text: ",\"groups\":[") }
      case .groups(let start): stage = writeGroups(from: start, to: &bytes)
      case .members(let start): stage = writeMembers(from: start, to: &bytes)
      case .end:
        bytes = end
        stage = .done
      case .done: return nil
      }
      return bytes
    }
  }

  /// Moves text of at most one piece's size from the slices.
  private static func takeText(from slices: inout [ArraySlice<UInt8>], to bytes: inout [UInt8]) {
    while let slice = slices.first, bytes.count < textPerPiece {
      let part = slice.prefix(textPerPiece - bytes.count)
      bytes.append(contentsOf: part)
      if part.count < slice.count { slices[0] = slice.dropFirst(part.count) } else { slices.removeFirst() }
    }
  }

  private func beginMembers(_ bytes: inout [UInt8]) -> Stage {
    guard members != nil else { return .end }
    bytes.append(text: ",\"members\":[")
    return .members(0)
  }

  private func writeGroups(from start: Int, to bytes: inout [UInt8]) -> Stage {
    guard let groups else { return .end }
    let next = min(start + RepresentationPieces.referencesPerPiece, resource.groups.count)
    resource.writeGroups(resource.groups[start..<next], to: &bytes, base: base, groups)
    bytes.append(next == resource.groups.count ? UInt8(ascii: "]") : UInt8(ascii: ","))
    return next == resource.groups.count ? beginMembers(&bytes) : .groups(next)
  }

  /// Writes the next members, and returns the stage after them.
  private func writeMembers(from start: Slot, to bytes: inout [UInt8]) -> Stage {
    guard let shown = members, let members = resource.members else { return .end }
    bytes.reserveCapacity(RepresentationPieces.referencesPerPiece * 180)
    let found = members.slots.slots(from: start, limit: RepresentationPieces.referencesPerPiece + 1)
    members.write(
      found.prefix(RepresentationPieces.referencesPerPiece), to: &bytes, base: base, shown)
    guard found.count > RepresentationPieces.referencesPerPiece, let next = found.last else {
      bytes.append(UInt8(ascii: "]"))
      return .end
    }
    bytes.append(UInt8(ascii: ","))
    return .members(next)
  }
}
