import SCIM

/// A value that one resource of its type may have and several do: the record in which the others gave it up is lost.
package struct UniquenessConflict: Sendable, Equatable {
  /// The name of the resource type.
  package let type: String
  /// The attribute by its path, such as `userName`.
  package let attribute: String
  /// In the form in which values are compared, folded if letter case is ignored.
  package let value: String
  /// The resources that have it, in order of creation.
  package let ids: [String]
}

extension DirectoryState {
  /// All conflicts, in order of their oldest resources.
  func uniquenessConflicts() -> [UniquenessConflict] {
    var conflicts: [UniquenessConflict] = []
    entries.forEach { slot, entry in
      var seen: Set<String> = []
      let plan = plans[Int(entry.type)]
      for (column, text) in plan.uniqueKeys(of: entry.body) where !text.isEmpty {
        let owners = Array(owners(of: text, in: column))
        guard owners.count > 1, owners.first == slot, seen.insert("\(column.number) \(text)").inserted else {
          continue
        }
        conflicts.append(
          UniquenessConflict(
            type: catalog.stored[Int(entry.type)].name, attribute: column.path.notation, value: text.text,
            ids: owners.compactMap { entries[$0]?.id.text }))
      }
    }
    return conflicts
  }
}
