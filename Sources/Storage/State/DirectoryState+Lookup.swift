import JSON
import SCIM

// Looking up, by type, id and value.
extension DirectoryState {
  /// The type's place in the catalog; traps for a type of another catalog.
  func typeNumber(_ type: ResourceType) -> UInt8 {
    guard let number = catalog.stored.firstIndex(where: { $0 === type }) else {
      preconditionFailure("a directory is asked for the types of its own catalog")
    }
    return UInt8(number)
  }

  /// The resource's position; nil if the id belongs to another type.
  func slot(of id: ResourceID, _ type: ResourceType) -> Slot? {
    guard let slot = slots[id], let entry = entries[slot], catalog.stored[Int(entry.type)] === type else {
      return nil
    }
    return slot
  }

  func plan(of type: ResourceType) -> IndexPlan { plans[Int(typeNumber(type))] }

  /// The resources that have this value, in order of creation; `attribute` is an indexed one.
  func find(_ type: ResourceType, _ attribute: String, _ text: String) -> [ResourceID] {
    guard let column = plan(of: type).column(attribute), let key = column.key(.string(text)) else {
      return []
    }
    return owners(of: key, in: column).compactMap { entries[$0]?.id }
  }

  /// The resources that have a value, by its comparison key; in order of creation.
  func owners(of text: TextKey, in column: IndexPlan.Column) -> LazyFilterSequence<[Slot]> {
    index.candidates(EqualityIndex.Key(column.number, text)).lazy.filter { slot in
      self.entries[slot].map { column.keys(of: $0.body).contains(text) } ?? false
    }
  }

  /// A unique attribute whose value belongs to a resource other than the one at `own`.
  func takenKey(
    _ body: EncodedDocument, _ type: ResourceType, except own: Slot?
  ) -> (column: IndexPlan.Column, owner: ResourceID)? {
    // A missing text is not a value that other resources could have too.
    for (column, text) in plan(of: type).uniqueKeys(of: body) where !text.isEmpty {
      let other = owners(of: text, in: column).first { $0 != own }
      if let entry = other.flatMap({ entries[$0] }) { return (column, entry.id) }
    }
    return nil
  }
}
