package import JSON
package import SCIM
import Platform
import Storage

/// A key just made, with its secret, which exists nowhere else and is shown once.
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

/// Why a key was not created or revoked.
package enum KeyAdministrationError: Error, Sendable, Equatable, CustomStringConvertible {
  case refused(MemberError)
  case unknownKey(id: String)
  case file(KeyFileError)

  package var description: String {
    switch self {
    case .refused(let error): error.description
    case .unknownKey(let id): "there is no key \"\(id)\""
    case .file(let error): error.description
    }
  }
}

/// Creating, listing and revoking keys: the one piece of logic behind the control socket and the commands.
package struct KeyAdministration: Sendable {
  package static let maxNameBytes = 200
  package static let maxDescriptionBytes = 1000
  /// The id of the user that a text names in a directory, by id or userName; nil where there is none.
  package typealias FindUser = @Sendable (_ directory: String, _ user: String) -> String?

  private let keys: KeyStore
  private let findUser: FindUser

  package init(_ keys: KeyStore, findUser: @escaping FindUser = { _, _ in nil }) {
    self.keys = keys
    self.findUser = findUser
  }

  package func list() -> [APIKey] { keys.all }

  /// Makes a key and keeps its digest; returns after the file is on disk.
  package func create(_ new: NewKey) throws(KeyAdministrationError) -> CreatedKey {
    let user: String?
    do throws(MemberError) {
      try check(new)
      user = try self.user(of: new)
    } catch {
      throw .refused(error)
    }
    let secret = APIKeySecret.make(keys.environment)
    var id = Array("key_".utf8)
    Base62.appendRandom(12, from: keys.environment.randomBytes, to: &id)
    let key = APIKey(
      id: String(decoding: id, as: UTF8.self), name: new.name, description: new.description,
      profile: new.profile, directory: new.directory, created: keys.now, expires: new.expires,
      revoked: nil, user: user, hint: APIKeySecret.hint(of: secret),
      digest: KeyDigest(of: Array(secret.utf8)[...]))
    do throws(KeyFileError) {
      try keys.add(key)
    } catch {
      throw .file(error)
    }
    return CreatedKey(key: key, secret: secret)
  }

  /// Refuses the key from the next request on; a key revoked before stays as it was.
  package func revoke(_ id: String) throws(KeyAdministrationError) -> APIKey {
    let key: APIKey?
    do throws(KeyFileError) {
      key = try keys.revoke(id)
    } catch {
      throw .file(error)
    }
    guard let key else { throw .unknownKey(id: id) }
    return key
  }

  private func user(of new: NewKey) throws(MemberError) -> String? {
    guard let name = new.user else { return nil }
    guard let id = findUser(new.directory, name) else {
      throw MemberError(
        "user",
        "the directory \(new.directory) has no user \"\(name.prefix(64))\"; name one by id or userName")
    }
    return id
  }

  private func check(_ new: NewKey) throws(MemberError) {
    guard !new.name.isEmpty else { throw MemberError("name", "must not be empty") }
    try check(new.name, "name", maxBytes: Self.maxNameBytes)
    try check(new.description ?? "", "description", maxBytes: Self.maxDescriptionBytes)
    guard Profile.named(new.profile) != nil else {
      let known = Profile.all.map(\.name).joined(separator: ", ")
      throw MemberError("profile", "\"\(new.profile)\" is not known; choose one of \(known)")
    }
    guard DataFolder.isValidName(new.directory) else {
      throw MemberError("directory", "must be 1 to 64 of a-z, 0-9 and \"-\"")
    }
    if let expires = new.expires, expires <= keys.now {
      throw MemberError("expires", "\(expires) is in the past")
    }
    guard keys.all.count < KeyFile.maxKeys else {
      throw MemberError("name", "this data folder holds \(KeyFile.maxKeys) keys, the most it can")
    }
  }

  private func check(_ text: String, _ member: String, maxBytes: Int) throws(MemberError) {
    guard text.utf8.count <= maxBytes else { throw MemberError(member, "is longer than \(maxBytes) bytes") }
    guard !text.unicodeScalars.contains(where: { $0.value < 32 || (127..<160).contains($0.value) }) else {
      throw MemberError(member, "must not hold control characters")
    }
  }
}
