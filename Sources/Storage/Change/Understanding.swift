package import SCIM

/// How a request was interpreted, if its change does not show it; for readers of the record.
package struct Understanding: Sendable {
  /// The dialect rules that fired.
  package var rules: [String] = []
  /// Attributes without effect.
  package var ignored: [String] = []
  /// Member ids that do not exist and were left out.
  package var skipped: [String] = []
  /// The attributes without effect by resource type, with the structure of their values; for counting, not for the
  /// record.
  package private(set) var unkept: [(resourceType: String, attribute: UnkeptAttribute)] = []

  /// Attributes and ids that are listed; beyond, there is nothing more to learn.
  private static let maxListed = 1000

  package init() {}

  package init(_ dialect: Dialect) {
    rules = dialect.fired.map(\.rawValue)
    ignored = dialect.ignored
  }

  /// What was made of one more operation of the same request, on a resource of that type.
  package mutating func add(_ dialect: Dialect, of type: ResourceType) {
    if unkept.count < Understanding.maxListed {
      unkept += dialect.unkept.map { (type.name, $0) }
    }
    for rule in dialect.fired where !rules.contains(rule.rawValue) { rules.append(rule.rawValue) }
    for name in dialect.ignored where ignored.count < Understanding.maxListed && !ignored.contains(name) {
      ignored.append(name)
    }
  }
}
