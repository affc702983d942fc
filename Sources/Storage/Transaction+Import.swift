package import SCIM

extension Transaction {
  /// Changes so far.
  package var count: Int { changes.count }

  package var types: [ResourceType] { state.catalog.types }

  /// Whether a new resource may have this id: none has it, and no deleted one that is kept.
  package func isFree(_ id: ResourceID) -> Bool {
    state.slots[id] == nil && state.tombstones[id] == nil
  }

  /// The resources that have this value, in order of creation; `attribute` is one that an index is kept of, such as
  /// `userName` or `displayName`.
  package func find(_ type: ResourceType, _ attribute: String, _ text: String) -> [ResourceID] {
    state.find(type, attribute, text)
  }
}
