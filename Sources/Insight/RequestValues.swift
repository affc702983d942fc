/// Which values of requests the ring keeps.
package enum RequestValues: String, Sendable, CaseIterable {
  /// All except secrets.
  case all
  /// Those by which an administrator recognises a resource: `userName`, `displayName`, ids, names of groups; and
  /// booleans.
  case masked
  /// None: the names of attributes alone.
  case none
}
