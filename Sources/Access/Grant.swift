import JSON
package import SCIM
package import Storage

/// A user or a group has a role: the value of a resource of type Grant. It is bound to ids, so that a new name changes
/// nothing, and what has the same name later has no rights from it.
package struct Grant: Sendable, Equatable {
  package enum Origin: String, Sendable, CaseIterable {
    case manual, rule, scim, iga
    case imported = "import"
    case signIn = "sign-in"
  }

  package var principal: ResourceID
  package var isGroup: Bool
  package var role: ResourceID
  /// Nil for an account role.
  package var target: ResourceID?
  /// From then on it grants nothing; nil for never.
  package var expires: DateTime?
  package var reason: String?
  package var origin: Origin
  package var grantedBy: String?
  package var onBehalfOf: String?
  /// The large draft that makes it: until that is applied, the grant is pending. Nil for one that was made at once.
  package var draft: ResourceID?
  /// The large draft that removes it: when that is applied, it grants nothing any more.
  package var endsWith: ResourceID?

  package init(
    principal: ResourceID, isGroup: Bool, role: ResourceID, target: ResourceID? = nil,
    expires: DateTime? = nil, reason: String? = nil, origin: Origin = .manual
  ) {
    self.principal = principal
    self.isGroup = isGroup
    self.role = role
    self.target = target
    self.expires = expires
    self.reason = reason
    self.origin = origin
  }

  /// The same for all grants of the same role to the same principal on the same target.
  var key: String { Grant.key(principal, role, target) }

  static func key(_ principal: ResourceID, _ role: ResourceID, _ target: ResourceID?) -> String {
    "\(principal.text) \(role.text)" + (target.map { " \($0.text)" } ?? "")
  }
}

extension Grant {
  /// Nil if the document is not that of a grant.
  package init?(_ document: Document) {
    let attributes = document.attributes
    func id(_ name: String) -> ResourceID? { attributes[name]?.stringValue.flatMap { ResourceID($0) } }
    guard let principal = id("principal"), let role = id("role") else { return nil }
    self.init(
      principal: principal, isGroup: attributes["principalType"]?.stringValue == "Group", role: role,
      target: id("target"), expires: attributes["expires"]?.stringValue.flatMap { DateTime($0) },
      reason: attributes["reason"]?.stringValue,
      origin: attributes["origin"]?.stringValue.flatMap(Origin.init) ?? .manual)
    grantedBy = attributes["grantedBy"]?.stringValue
    onBehalfOf = attributes["onBehalfOf"]?.stringValue
    draft = id("draft")
    endsWith = id("endsWith")
  }

  var document: Document {
    var attributes: JSONObject = [
      "key": .string(key), "principal": .string(principal.text),
      "principalType": .string(isGroup ? "Group" : "User"), "role": .string(role.text),
    ]
    if let target { attributes["target"] = .string(target.text) }
    if let expires { attributes["expires"] = .string(expires.description) }
    if let reason { attributes["reason"] = .string(reason) }
    attributes["origin"] = .string(origin.rawValue)
    if let grantedBy { attributes["grantedBy"] = .string(grantedBy) }
    if let onBehalfOf { attributes["onBehalfOf"] = .string(onBehalfOf) }
    if let draft { attributes["draft"] = .string(draft.text) }
    if let endsWith { attributes["endsWith"] = .string(endsWith.text) }
    return Document(attributes)
  }
}
