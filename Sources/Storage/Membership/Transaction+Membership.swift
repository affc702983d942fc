package import SCIM

extension Transaction {
  /// Who is in which group, after the steps so far.
  package var membership: MembershipView { MembershipView(state) }

  /// Whether a connection manages the resource, so that its identity provider decides what it is.
  package func isManagedByConnection(_ id: ResourceID) -> Bool {
    guard let entry = state.slots[id].flatMap({ state.entries[$0] }) else { return false }
    return state.managers.connection(of: entry.manager).map { state.slots[$0] != nil } ?? false
  }
}

extension Directory {
  /// What is said if others change the same again and again.
  package static let changedMeanwhile = SCIMError(
    .unavailable, detail: "Others changed rights again and again meanwhile. Try again in a moment.")
}
