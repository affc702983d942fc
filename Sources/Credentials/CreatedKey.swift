package import JSON
package import SCIM
import Storage
import Platform

/// A new key with its secret, which is not stored anywhere and is shown once.
package struct CreatedKey: Sendable {
  package let key: APIKey
  package let secret: String

  /// The key as an admin sees it, with the member `key` that holds the secret.
  package func shown(at now: DateTime) -> JSONObject {
    var object = JSONObject()
    for member in key.shown(at: now).members {
      object[member.name] = member.value
      if member.name == "id" { object["key"] = .string(secret) }
    }
    return object
  }
}
