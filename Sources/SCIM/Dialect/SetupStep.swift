/// What a provider does in the course of being set up, each seen for the first time.
package enum SetupStep: String, Sendable, CaseIterable {
  case keyAccepted, keyRefused, discoveryRead, testQuery, userCreated, userUpdated, userDeactivated,
    userReactivated, groupCreated, membersChanged

  /// For people.
  package var title: String {
    switch self {
    case .keyAccepted: "key accepted"
    case .keyRefused: "key refused"
    case .discoveryRead: "discovery read"
    case .testQuery: "test query"
    case .userCreated: "user created"
    case .userUpdated: "user updated"
    case .userDeactivated: "user deactivated"
    case .userReactivated: "user reactivated"
    case .groupCreated: "group created"
    case .membersChanged: "members changed"
    }
  }
}
