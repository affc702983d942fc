import JSON

/// The quotas of a directory, so that one tenant cannot use up shared resources.
package struct DirectoryQuotas: Sendable, Equatable {
  /// Users, groups and other resources.
  package var maxResources = 2_000_000
  /// Bytes of all their documents, and of their memberships. What is kept of deleted resources may be a quarter of that
  /// on top.
  package var maxBytes = 4 << 30
  /// Bytes of one document; members and groups do not count.
  package var maxResourceBytes = 1 << 20
  /// Maximum kept deleted resources; any more replace the oldest.
  package var maxDeleted = 1_000_000

  package init() {}

  /// The members of a directory's policies, each with where its value is.
  package static let members: [(name: String, value: any WritableKeyPath<DirectoryQuotas, Int> & Sendable)] =
    [
      ("maxResources", \.maxResources), ("maxBytes", \.maxBytes), ("maxResourceBytes", \.maxResourceBytes),
      ("maxDeleted", \.maxDeleted),
    ]

  /// From the attribute `policies` of a Directory; what it leaves out has its default.
  init(_ json: JSONValue?) {
    for (name, value) in Self.members {
      if let number = json?[name]?.integerValue { self[keyPath: value] = Int(number) }
    }
  }

  /// The memory a membership takes.
  static let bytesOfMembership = 20

  /// Maximum bytes of kept deleted resources.
  var maxDeletedBytes: Int { maxBytes / 4 }
}
