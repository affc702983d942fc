import JSON
import Platform
import SCIM

extension DirectoryState {
  /// The user that a text names: by id, or by userName in any letter case.
  func user(_ text: String) -> ResourceID? {
    guard let type = catalog.types.first(where: \.hasGroups) else { return nil }
    if let id = ResourceID(text), slot(of: id, type) != nil { return id }
    return find(type, "userName", text).first
  }
}

extension Directory {
  /// The id of the user with this id or userName, or nil.
  package func user(_ text: String) -> Pending<ResourceID?> {
    let (id, seq) = state.withLock { ($0.directory.user(text), $0.directory.last) }
    return Pending(id, seq, journal)
  }
}

extension DirectoryReader {
  /// The id of the user with this id or userName, or nil.
  package func user(_ text: String) -> ResourceID? { state.user(text) }
}
