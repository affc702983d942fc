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

  /// Attributes and ids that are listed; beyond, there is nothing more to learn.
  private static let maxListed = 1000

  package init() {}

  package init(_ dialect: Dialect) {
    rules = dialect.fired.map(\.rawValue)
    ignored = dialect.ignored
  }

  /// What was made of one more operation of the same request.
  package mutating func add(_ dialect: Dialect) {
    for rule in dialect.fired where !rules.contains(rule.rawValue) { rules.append(rule.rawValue) }
    for name in dialect.ignored where ignored.count < Understanding.maxListed && !ignored.contains(name) {
      ignored.append(name)
    }
  }
}
