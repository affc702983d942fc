package import SCIM

/// What a request changed, for those who observe requests and do not read the log.
///
/// `@unchecked Sendable`: the directory fills it before it hands out the result of the change, and others read it only
/// after that.
package final class ChangeTrace: @unchecked Sendable {
  /// One effect on the state.
  package enum Effect: Sendable {
    case created(ResourceType, ResourceID)
    case changed(ResourceType, ResourceID, before: Document, after: Document)
    case members(group: ResourceID, added: [ResourceID], removed: [ResourceID])
    case deleted(ResourceType, ResourceID)
    /// A deleted resource is there again.
    case restored(ResourceType, ResourceID)
    case erased(ResourceType, ResourceID)
  }

  package private(set) var understanding = Understanding()
  /// The number of the last record; nil if nothing was changed.
  package private(set) var record: UInt64?
  private var changes: [Change] = []

  package init() {}

  func note(_ understanding: Understanding, _ changes: [Change] = [], record: UInt64? = nil) {
    self.understanding = understanding
    self.changes = changes
    self.record = record
  }

  /// The number of changes, of which `effects` has those of resources.
  package var count: Int { changes.count }

  /// Those of resources, in the order in which they were made, at most so many.
  package func effects(upTo limit: Int) -> [Effect] {
    var effects: [Effect] = []
    for change in changes where effects.count < limit {
      if let effect = change.effect { effects.append(effect) }
    }
    return effects
  }
}

extension Change {
  /// Nil for what is not about a resource.
  fileprivate var effect: ChangeTrace.Effect? {
    switch self {
    case .create(let type, let id, _): .created(type, id)
    case .update(let type, let id, let before, let after): .changed(type, id, before: before, after: after)
    case .members(let group, let added, let removed): .members(group: group, added: added, removed: removed)
    case .delete(let type, let id, _): .deleted(type, id)
    case .restore(let type, let id, _): .restored(type, id)
    case .erase(let type, let id, _, _): .erased(type, id)
    case .manage, .note, .erasure, .repair: nil
    }
  }
}
