import Synchronization

/// The limits for each kind of key; nil for no limit.
package struct RequestLimits: Sendable, Equatable {
  /// For all keys of one connection together.
  package var connection: RequestLimit?
  /// For a key without a connection.
  package var key: RequestLimit?

  package init(connection: RequestLimit? = nil, key: RequestLimit? = nil) {
    self.connection = connection
    self.key = key
  }
}
