import JSON
import Platform
package import SCIM
package import Storage

/// An export in pieces, produced on demand.
package final class ExportPieces: Sendable {
  private struct State {
    /// Types whose resources follow.
    var types: ArraySlice<ResourceType>
    var position: UInt32 = 0
    /// The text before the first resource.
    var head: [UInt8]
  }

  /// Resources read at a time.
  private static let batch = 100
  private static let pieceBytes = 48 << 10

  private let source: ExportSource
  /// One resource as the line or row that stands for it.
  private let row: @Sendable (ExportedResource) -> [UInt8]
  private let state: Locked<State>

  /// Resources of these types as lines of JSON.
  package init(_ source: ExportSource, lines types: [ResourceType]) {
    self.source = source
    row = { ExportLine.json($0).serialized() + [UInt8(ascii: "\n")] }
    state = Locked(State(types: types[...], head: []))
  }

  /// Resources of a type as a table; reads all of them once to find the columns.
  package init(_ source: ExportSource, table type: ResourceType) {
    self.source = source
    var table = ExportTable(type)
    var position: UInt32? = 0
    while let start = position {
      let (resources, next) = source.resources(type, from: start, limit: Self.batch)
      for resource in resources { table.note(resource) }
      position = next
    }
    let (head, row) = table.head()
    self.row = row
    state = Locked(State(types: [type], head: head))
  }

  /// The next piece; nil after the last.
  package func next() -> [UInt8]? {
    state.withLock { state in
      var bytes = state.head
      state.head = []
      while bytes.count < Self.pieceBytes, let type = state.types.first {
        let (resources, next) = source.resources(type, from: state.position, limit: Self.batch)
        for resource in resources { bytes += row(resource) }
        state.position = next ?? 0
        if next == nil { state.types = state.types.dropFirst() }
      }
      return bytes.isEmpty ? nil : bytes
    }
  }
}
