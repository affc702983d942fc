package import Client

/// The server that is tried, and what opens it.
package struct ConformanceTarget: Sendable {
  package let base: ClientBase
  let key: String?
  let otherKey: String?

  /// - Parameters:
  ///   - key: sent as a bearer token; may read and write users and groups.
  ///   - otherKey: that of another tenant, for the cases that need one.
  package init(base: ClientBase, key: String?, otherKey: String?) {
    self.base = base
    self.key = key
    self.otherKey = otherKey
  }
}
