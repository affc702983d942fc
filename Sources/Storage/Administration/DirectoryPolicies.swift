package import JSON

/// What is allowed in a directory.
package struct DirectoryPolicies: Sendable, Equatable {
  package enum Permission: String, Sendable, CaseIterable {
    case allowed, denied
  }

  /// Whether what a connection manages can be created, changed or deleted by others than connections.
  package var localChanges = Permission.allowed
  /// Whether a connection can change what another connection manages.
  package var crossConnection = Permission.denied

  package init() {}

  /// From the attribute `policies` of a Directory; what it leaves out has its default.
  package init(_ json: JSONValue?) {
    localChanges = json?["localChanges"]?.stringValue.flatMap(Permission.init) ?? .allowed
    crossConnection = json?["crossConnection"]?.stringValue.flatMap(Permission.init) ?? .denied
  }

  package var json: JSONValue {
    [
      "localChanges": .string(localChanges.rawValue), "crossConnection": .string(crossConnection.rawValue),
    ]
  }
}
