import Credentials
package import JSON
import Platform
package import SCIM
import Storage

/// A key as an administrator sees it; right after it was created, with its secret.
package struct KeyReport: Sendable {
  package let id: String
  package let name: String
  package let description: String?
  package let profile: String
  /// `_system` for a key for all directories.
  package let directory: String
  package let isForAllDirectories: Bool
  /// The id of the connection it belongs to, and its name.
  package let connection: String?
  package let connectionName: String?
  /// By their names.
  package let scopes: [String]
  /// The id of the user that `/Me` means.
  package let user: String?
  package let created: DateTime
  /// Nil for never.
  package let expires: DateTime?
  /// Whole days until then; nil if it is not valid now, or for never.
  package let daysLeft: Int?
  package let revoked: DateTime?
  package let status: String
  /// A part of the secret, by which people recognise a key.
  package let hint: String
  /// The networks it is accepted from; empty for all.
  package let networks: [String]
  /// The subject of the certificate that its client must present; nil if it need not present any.
  package let certificateSubject: String?
  /// Whose signed tokens it accepts; nil for nobody's.
  package let signedTokens: SignedTokens?
  /// Its secrets, oldest first: those that are valid, and those that were.
  package let secrets: [KeySecretReport]
  /// The last use of any of its secrets.
  package let lastUse: KeyUseReport?
  /// The entity tag; nil in a list.
  package var version: String?
  /// Shown once.
  package var secret: String?
  /// The address to give to the client with the secret.
  package var baseURL: String?
  /// Where the client sends its signed tokens; nil if the key accepts none.
  package var tokenURL: String?
  /// Whether the request changed nothing.
  package var isUnchanged = false
}

extension KeyReport {
  /// Looks up the name of its connection, and the last uses of its secrets.
  init(_ key: APIKey, world: AdminWorld) {
    let connection = key.connection.flatMap { id in
      world.store.existingDirectory(named: key.directory).flatMap { directory in
        directory.administrative(directory.administrativeType("Connection"), called: id.text, by: "name")
          .whenDurable()
      }
    }
    let now = world.keys.now
    let secrets = key.generations.sorted { $0.number < $1.number }.map {
      KeySecretReport($0, of: key, world: world)
    }
    self.init(
      id: key.id, name: key.name, description: key.description, profile: key.profile,
      directory: key.directory, isForAllDirectories: key.isForAllDirectories,
      connection: key.connection?.text,
      connectionName: connection.flatMap { ConnectionDescription($0.document)?.name },
      scopes: key.scopes.names, user: key.user, created: key.created, expires: key.expires,
      daysLeft: key.status(at: now) == .active
        ? key.expires.map { Int(($0.seconds - now.seconds) / 86400) } : nil,
      revoked: key.revoked, status: key.status(at: now).rawValue, hint: key.hint,
      networks: key.networks.map(\.description),
      certificateSubject: key.certificateSubject,
      signedTokens: key.trust.map { SignedTokens($0, world.keySets) }, secrets: secrets,
      lastUse: secrets.compactMap(\.lastUse).max { $0.time < $1.time },
      tokenURL: key.trust.map { _ in world.tokenURL })
  }

  package var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "name": .string(name)]
    if let secret { object["key"] = .string(secret) }
    if let baseURL { object["baseURL"] = .string(baseURL) }
    if let tokenURL { object["tokenURL"] = .string(tokenURL) }
    if let description { object["description"] = .string(description) }
    object["profile"] = .string(profile)
    object["directory"] = .string(directory)
    object["allDirectories"] = .bool(isForAllDirectories)
    if let connection {
      var named: JSONObject = ["id": .string(connection)]
      if let connectionName { named["name"] = .string(connectionName) }
      object["connection"] = .object(named)
    }
    object["scopes"] = .array(scopes.map { .string($0) })
    if let user { object["user"] = .string(user) }
    object["created"] = .string(created.description)
    object["expires"] = expires.map { .string($0.description) } ?? .null
    if let daysLeft { object["daysLeft"] = .integer(Int64(daysLeft)) }
    if let revoked { object["revoked"] = .string(revoked.description) }
    object["status"] = .string(status)
    object["hint"] = .string(hint)
    object["networks"] = .array(networks.map { .string($0) })
    if let certificateSubject { object["certificateSubject"] = .string(certificateSubject) }
    if let signedTokens { object["signedTokens"] = signedTokens.json }
    object["secrets"] = .array(secrets.map(\.json))
    if let lastUse { object["lastUse"] = lastUse.json }
    if let version { object["version"] = .string(version) }
    if isUnchanged { object["unchanged"] = true }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    let connection = try reader.optionalObject("connection")
    self.init(
      id: try reader.text("id"), name: try reader.text("name"),
      description: try reader.optionalText("description"), profile: try reader.text("profile"),
      directory: try reader.text("directory"), isForAllDirectories: try reader.boolean("allDirectories"),
      connection: try connection?.text("id"), connectionName: try connection?.optionalText("name"),
      scopes: try reader.texts("scopes"), user: try reader.optionalText("user"),
      created: try reader.time("created"), expires: try reader.optionalTime("expires"),
      daysLeft: try reader.optionalInteger("daysLeft"),
      revoked: try reader.optionalTime("revoked"), status: try reader.text("status"),
      hint: try reader.text("hint"), networks: try reader.texts("networks"),
      certificateSubject: try reader.optionalText("certificateSubject"),
      signedTokens: try reader.optionalObject("signedTokens").map { (reader) throws(AdminProblem) in
        try SignedTokens(reader, isAnswer: true)
      },
      secrets: try reader.objects("secrets") { (reader) throws(AdminProblem) in try KeySecretReport(reader) },
      lastUse: try reader.optionalObject("lastUse").map { (reader) throws(AdminProblem) in
        try KeyUseReport(reader)
      },
      version: try reader.optionalText("version"),
      secret: try reader.optionalText("key"),
      baseURL: try reader.optionalText("baseURL"), tokenURL: try reader.optionalText("tokenURL"),
      isUnchanged: try reader.optionalBoolean("unchanged") ?? false)
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("name", .text), .init("key", .text, optional: true),
    .init("baseURL", .text, optional: true), .init("tokenURL", .text, optional: true),
    .init("description", .text, optional: true),
    .init("profile", .text), .init("directory", .text), .init("allDirectories", .boolean),
    .init(
      "connection", .object([.init("id", .text), .init("name", .text, optional: true)]), optional: true),
    .init("scopes", .list(.text)), .init("user", .text, optional: true),
    .init("created", .time), .init("expires", .nullable(.time)),
    .init("daysLeft", .integer, optional: true), .init("revoked", .time, optional: true),
    .init("status", .text), .init("hint", .text), .init("networks", .list(.text)),
    .init("certificateSubject", .text, optional: true),
    .init("signedTokens", SignedTokens.schema, optional: true),
    .init("secrets", .list(KeySecretReport.schema)), .init("lastUse", KeyUseReport.schema, optional: true),
    .init("version", .text, optional: true),
    .init("unchanged", .boolean, optional: true),
  ])
}
