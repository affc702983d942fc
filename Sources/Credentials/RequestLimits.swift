import Synchronization

/// The limits of each kind of key; nil for none.
package struct RequestLimits: Sendable, Equatable {
  /// Of all keys of one connection together.
  package var connection: RequestLimit?
  /// Of a key without a connection.
  package var key: RequestLimit?

  package init(connection: RequestLimit? = nil, key: RequestLimit? = nil) {
    self.connection = connection
    self.key = key
  }
}
