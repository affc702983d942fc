import JSON
package import SCIM
package import Storage

/// A grant that is to be made: the principal by id, the role and the target by name or id, as they may be made by the
/// same change.
package struct NewGrant: Sendable, Equatable {
  package var principal: ResourceID
  package var isGroup: Bool
  package var role: String
  package var target: String?
  package var expires: DateTime?
  package var reason: String?
  package var origin: Grant.Origin
  package var grantedBy: String?
  package var onBehalfOf: String?

  package init(
    principal: ResourceID, isGroup: Bool, role: String, target: String? = nil, expires: DateTime? = nil,
    reason: String? = nil, origin: Grant.Origin = .manual, grantedBy: String? = nil, onBehalfOf: String? = nil
  ) {
    self.principal = principal
    self.isGroup = isGroup
    self.role = role
    self.target = target
    self.expires = expires
    self.reason = reason
    self.origin = origin
    self.grantedBy = grantedBy
    self.onBehalfOf = onBehalfOf
  }

  static let members = [
    "principal", "principalType", "role", "target", "expires", "reason", "origin", "grantedBy", "onBehalfOf",
  ]

  /// As a draft keeps it.
  var json: JSONObject {
    var object: JSONObject = [
      "principal": .string(principal.text), "principalType": .string(isGroup ? "Group" : "User"),
      "role": .string(role),
    ]
    for (name, text) in [
      ("target", target), ("expires", expires?.description), ("reason", reason),
      ("origin", origin.rawValue), ("grantedBy", grantedBy), ("onBehalfOf", onBehalfOf),
    ] {
      if let text { object[name] = .string(text) }
    }
    return object
  }

  init(json: JSONValue) throws(AccessError) {
    let reader = try AccessReader(json, "a grant", Self.members)
    guard let principal = ResourceID(try reader.required("principal")) else {
      throw AccessError("/principal", "must be the id of a user or a group")
    }
    self.init(
      principal: principal, isGroup: try reader.required("principalType") == "Group",
      role: try reader.required("role"), target: try reader.text("target"),
      expires: try reader.text("expires").flatMap { DateTime($0) }, reason: try reader.text("reason"),
      origin: try reader.text("origin").flatMap(Grant.Origin.init) ?? .manual,
      grantedBy: try reader.text("grantedBy"), onBehalfOf: try reader.text("onBehalfOf"))
    try check()
  }

  /// Throws with the place of what is wrong.
  package func check() throws(AccessError) {
    try AccessNames.check(reason, "/reason")
    try AccessNames.check(onBehalfOf, "/onBehalfOf")
  }
}
