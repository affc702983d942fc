/// What a change came to, in the moment when it is made.
package struct EditedState {
  let state: DirectoryState
  /// A resource with its members if there are no more than `membersUpTo`.
  package func resource(_ id: ResourceID, membersUpTo: Int) -> StoredResource? {
    state.slots[id].flatMap { state.stored($0, membersUpTo: membersUpTo)?.resource }
  }

  /// The entity tag of a resource; nil if there is no such resource.
  package func version(of id: ResourceID) -> String? { resource(id, membersUpTo: 0)?.version }
}
