package import JSON
package import SCIM
import Storage

extension APIKey {
  /// The key as an administrator sees it: without digests, and with its status at `now`.
  package func shown(at now: DateTime) -> JSONObject {
    var object = JSONObject()
    object["id"] = .string(id)
    object["name"] = .string(name)
    object["description"] = description.map { .string($0) }
    object["profile"] = .string(profile)
    object["directory"] = .string(directory)
    object["connection"] = connection.map { .string($0.text) }
    object["user"] = user.map { .string($0) }
    object["scopes"] = .array(scopes.names.map { .string($0) })
    object["created"] = .string(created.description)
    object["expires"] = expires.map { .string($0.description) } ?? .null
    object["revoked"] = revoked.map { .string($0.description) }
    object["hint"] = .string(hint)
    object["status"] = .string(status(at: now).rawValue)
    return object
  }
}
