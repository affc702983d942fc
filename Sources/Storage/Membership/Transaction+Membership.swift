package import SCIM

extension Transaction {
  /// Group memberships after the steps so far.
  package var membership: MembershipView { MembershipView(state, nests: policies.nestedGroups) }

  /// Whether a connection manages the resource, so that its identity provider decides what it is.
  package func isManagedByConnection(_ id: ResourceID) -> Bool {
    guard let entry = state.slots[id].flatMap({ state.entries[$0] }) else { return false }
    return state.managers.connection(of: entry.manager).map { state.slots[$0] != nil } ?? false
  }
}

extension Directory {
  /// The error if other clients keep changing the same resources.
  package static let changedMeanwhile = SCIMError(
    .busy,
    "Other clients kept changing rights at the same time. Try again in a moment.")
}
