import JSON

/// A directory as a newcomer would write it: arrays and loops, no index, nothing clever. What it says of the users and
/// groups is what the server must say.
struct DirectoryModel {
  struct User: Equatable {
    let id: String
    var userName: String
    var title: String?
    var active = true
    /// By type; one address each.
    var emails: [String: String] = [:]
  }

  struct Group: Equatable {
    let id: String
    var displayName: String
    /// Ids of users and groups.
    var members: Set<String> = []
  }

  /// In order of creation.
  private(set) var users: [User] = []
  private(set) var groups: [Group] = []

  var ids: [String] { users.map(\.id) + groups.map(\.id) }

  func user(_ id: String) -> User? { users.first { $0.id == id } }
  func group(_ id: String) -> Group? { groups.first { $0.id == id } }

  /// False where somebody else has the name in any letter case.
  func isFree(_ userName: String, except id: String? = nil) -> Bool {
    !users.contains { $0.id != id && $0.userName.lowercased() == userName.lowercased() }
  }

  mutating func put(_ user: User) {
    if let index = users.firstIndex(where: { $0.id == user.id }) {
      users[index] = user
    } else {
      users.append(user)
    }
  }

  mutating func put(_ group: Group) {
    if let index = groups.firstIndex(where: { $0.id == group.id }) {
      groups[index] = group
    } else {
      groups.append(group)
    }
  }

  /// The resource and every membership that names it.
  mutating func delete(_ id: String) {
    users.removeAll { $0.id == id }
    groups.removeAll { $0.id == id }
    for index in groups.indices { groups[index].members.remove(id) }
  }

  /// The groups of a user or group: `direct`, or `indirect` through other groups.
  func memberships(of id: String) -> [String: String] {
    var found: [String: String] = [:]
    for group in groups where group.members.contains(id) { found[group.id] = "direct" }
    var grew = true
    while grew {
      grew = false
      for group in groups where found[group.id] == nil && !group.members.isDisjoint(with: found.keys) {
        found[group.id] = "indirect"
        grew = true
      }
    }
    return found
  }
}

extension DirectoryModel.User {
  /// The members of the representation that the model knows.
  func json(memberships: [String: String]) -> JSONValue {
    var object: JSONObject = ["id": .string(id), "userName": .string(userName), "active": .bool(active)]
    if let title { object["title"] = .string(title) }
    if !emails.isEmpty {
      object["emails"] = .array(
        emails.sorted { $0.key < $1.key }.map { ["value": .string($0.value), "type": .string($0.key)] })
    }
    if !memberships.isEmpty {
      object["groups"] = .array(
        memberships.sorted { $0.key < $1.key }.map { ["value": .string($0.key), "type": .string($0.value)] })
    }
    return .object(object)
  }
}

extension DirectoryModel.Group {
  var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "displayName": .string(displayName)]
    if !members.isEmpty { object["members"] = .array(members.sorted().map { ["value": .string($0)] }) }
    return .object(object)
  }
}
