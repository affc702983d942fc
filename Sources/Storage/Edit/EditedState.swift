/// The state after a change, at the moment it is made.
package struct EditedState {
  let state: DirectoryState
  /// A resource with its members if there are at most `membersUpTo`.
  package func resource(_ id: ResourceID, membersUpTo: Int) -> StoredResource? {
    state.slots[id].flatMap { state.stored($0, membersUpTo: membersUpTo)?.resource }
  }

  /// The entity tag of a resource; nil if it does not exist.
  package func version(of id: ResourceID) -> String? { resource(id, membersUpTo: 0)?.version }
}
