import JSON
import Platform
import SCIM
import Storage

/// `keys.json`, in which older versions kept the keys of all directories: read, and never written again.
struct KeyFile: Sendable {
  static let version: Int64 = 1
  private static let maxBytes = 32 << 20

  let path: String

  /// A key of the file: its directory and the document that takes its place.
  struct Key {
    let id: String
    let directory: String
    let document: Document
  }

  /// The keys of the file; nil if the file does not exist.
  func load() throws(KeyFileError) -> [Key]? {
    let bytes: [UInt8]
    do {
      guard FileSystem.exists(path) else { return nil }
      bytes = try FileSystem.readFile(path)
    } catch {
      throw KeyFileError(path: path, kind: .system(error))
    }
    return try decode(bytes)
  }

  /// Throws for the first member that is wrong, by its path, "keys[3].digest".
  private func decode(_ bytes: [UInt8]) throws(KeyFileError) -> [Key] {
    let value: JSONValue
    do {
      var limits = JSONLimits.default
      limits.maxBytes = Self.maxBytes
      value = try JSONParser.parse(bytes, limits: limits)
    } catch {
      throw KeyFileError(path: path, kind: .malformed(error.description))
    }
    guard let version = value["format"]?.integerValue else {
      throw KeyFileError(path: path, kind: .invalid(MemberError("format", "must be a number")))
    }
    guard version <= Self.version else { throw KeyFileError(path: path, kind: .newerFormat(version)) }
    guard let items = value["keys"]?.arrayValue else {
      throw KeyFileError(path: path, kind: .invalid(MemberError("keys", "must be an array")))
    }
    var keys: [Key] = []
    keys.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      do throws(MemberError) {
        keys.append(try Key(item))
      } catch {
        let place = MemberError("keys[\(index)].\(error.member)", error.reason)
        throw KeyFileError(path: path, kind: .invalid(place))
      }
    }
    return keys
  }
}

extension KeyFile.Key {
  /// Reads a member of `keys`; the error names the member at fault.
  fileprivate init(_ value: JSONValue) throws(MemberError) {
    func text(_ name: String) throws(MemberError) -> String {
      guard let text = value[name]?.stringValue else { throw MemberError(name, "must be a string") }
      return text
    }
    func instant(_ name: String) throws(MemberError) -> DateTime? {
      guard let member = value[name], !member.isNull else { return nil }
      guard let instant = member.stringValue.flatMap({ DateTime($0) }) else {
        throw MemberError(name, "must be a date and time like 2027-01-31T00:00:00Z")
      }
      return instant
    }
    id = try text("id")
    directory = try text("directory")
    guard DataFolder.isValidName(directory) else {
      throw MemberError("directory", "must be 1 to 64 of a-z, 0-9 and \"-\"")
    }
    guard let created = try instant("created") else { throw MemberError("created", "is missing") }
    guard let digest = KeyDigest(hex: try text("digest")) else {
      throw MemberError("digest", "must be 64 hexadecimal digits")
    }
    var attributes = JSONObject()
    attributes["keyId"] = .string(id)
    attributes["name"] = .string(try text("name"))
    attributes["description"] = value["description"]
    attributes["profile"] = .string(try text("profile"))
    attributes["user"] = value["user"]
    attributes["scopes"] = [.string("scim.*")]
    attributes["expires"] = try instant("expires").map { .string($0.description) }
    attributes["revoked"] = try instant("revoked").map { .string($0.description) }
    attributes["generations"] = [
      [
        "number": 1, "digest": .string(digest.description), "hint": .string(try text("hint")),
        "created": .string(created.description),
      ]
    ]
    document = Document(attributes)
  }
}
