// The managers of the resources.
extension DirectoryState {
  /// The number of a manager by its text; nil is an unknown one.
  func managerNumber(_ name: String?) -> UInt32 {
    name.map { managers.number(of: $0) } ?? ManagerTable.unknown
  }

  /// The manager of a resource that the actor of the record writes: a connection takes over what no connection manages
  /// that exists; a removed connection no longer manages anything.
  func manager(_ manager: UInt32, writtenBy stamp: RecordStamp) -> UInt32 {
    guard stamp.isConnection else { return manager }
    if let owner = managers.connection(of: manager), slots[owner] != nil { return manager }
    return managers.number(of: stamp.manager)
  }
}
