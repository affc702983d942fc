/// Where a page of deleted resources ends: at the number of the record that deleted the last one, and its id.
package struct DeletedPosition: Sendable, Comparable {
  package let seq: UInt64
  package let id: ResourceID

  package init(seq: UInt64, id: ResourceID) {
    self.seq = seq
    self.id = id
  }

  package static func < (a: DeletedPosition, b: DeletedPosition) -> Bool { (a.seq, a.id) < (b.seq, b.id) }
}
