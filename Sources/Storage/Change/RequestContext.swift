package import SCIM

/// Who asked for a change and how: what a record keeps beside the change itself.
package struct RequestContext: Sendable {
  /// The id of the API key.
  package var key: String
  /// The profile of the key.
  package var profile: String
  package var requestID: String
  /// The client's address.
  package var remote: String
  /// What was asked, as `PATCH /Users/{id}`.
  package var operation: String

  package init(key: String, profile: String, requestID: String, remote: String, operation: String) {
    self.key = key
    self.profile = profile
    self.requestID = requestID
    self.remote = remote
    self.operation = operation
  }
}

/// What was made of a request that is not in its change: for whoever reads the record later.
package struct Understanding: Sendable {
  /// The dialect rules that fired.
  package var rules: [String] = []
  /// Attributes without effect.
  package var ignored: [String] = []
  /// Member ids that do not exist and were left out.
  package var skipped: [String] = []

  package init() {}

  package init(_ dialect: Dialect) {
    rules = dialect.fired.map(\.rawValue)
    ignored = dialect.ignored
  }
}
