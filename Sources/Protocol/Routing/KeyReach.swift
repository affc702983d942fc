import Credentials
import HTTP
import SCIM

/// Decides what a valid key may not do.
enum KeyReach {
  /// Why a request is not accepted.
  struct Refusal {
    let error: SCIMError
    /// The `WWW-Authenticate` field of a missing scope (RFC 6750 §3.1).
    var challenge: String?
  }

  /// Retry-After, in seconds, for a paused directory or connection.
  static let pauseSeconds = 300

  /// Nil if the key may do it.
  static func refusal(_ key: GrantedKey, _ route: Route, _ method: HTTPMethod) -> Refusal? {
    if case .paused(let what) = key.availability {
      return Refusal(
        error: SCIMError(
          .paused,
          "\(what) Nothing was changed; send the request again after it has been resumed."))
    }
    if key.key.isForAllDirectories {
      return insufficient(
        .scim, .beyondDirectory,
        "This key is for all directories; SCIM needs a key of one directory. `scimd key create` creates one.")
    }
    let needed = scopes(route, isRead: method == .get || method == .head)
    guard !needed.contains(where: { key.scopes.allow($0) }) else { return nil }
    return insufficient(
      needed.first ?? .scim, .insufficientScope, lack(needed.first ?? .scim, "this request"))
  }

  /// Why a key may not do one operation of a bulk request; nil if it may.
  static func refusal(_ scopes: Scopes, ofChanging type: ResourceType) -> SCIMError? {
    let needed = Self.scopes(type, isRead: false)
    guard !needed.contains(where: { scopes.allow($0) }) else { return nil }
    return SCIMError(.insufficientScope, lack(needed.first ?? .scim, "this operation"))
  }

  /// The text about a missing scope.
  private static func lack(_ scope: Scopes, _ what: String) -> String {
    "The key lacks the scope \(scope.names.first ?? ""), which \(what) needs."
  }

  /// The scopes of which one is enough.
  private static func scopes(_ route: Route, isRead: Bool) -> [Scopes] {
    switch route {
    case .collection(let type), .resource(let type, _): scopes(type, isRead: isRead)
    case .search(let type): scopes(type, isRead: true)
    case .me: isRead ? [.scimUsersRead] : [.scimUsersWrite]
    case .root, .rootSearch: [.scim]
    // Each operation is checked by its type.
    case .bulk: [.scimUsersWrite, .scimGroupsWrite]
    // The same for everyone, or an endpoint that does not exist: the answer says so.
    case .serviceProviderConfig, .schemas, .schema, .resourceTypes, .resourceType, .live, .ready,
      .otherVersion,
      .malformed, .unknown:
      [.scimUsersRead, .scimGroupsRead, .scim]
    }
  }

  /// The scopes of a resource type: of users, of groups, or for any other type all of SCIM.
  private static func scopes(_ type: ResourceType, isRead: Bool) -> [Scopes] {
    if type.hasGroups { return isRead ? [.scimUsersRead] : [.scimUsersWrite] }
    if type.hasMembers { return isRead ? [.scimGroupsRead] : [.scimGroupsWrite] }
    return [.scim]
  }

  /// RFC 6750 §3.1.
  private static func insufficient(_ scope: Scopes, _ code: SCIMError.Code, _ detail: String) -> Refusal {
    Refusal(
      error: SCIMError(code, detail),
      challenge:
        "Bearer realm=\"scim\", error=\"insufficient_scope\", scope=\"\(scope.names.joined(separator: " "))\""
    )
  }
}
