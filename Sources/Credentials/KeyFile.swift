import JSON
import Platform

/// `keys.json`: a format version and all keys, oldest first; mode 0600, replaced as a whole.
///
/// Only digests are in it, so that the file alone opens nothing.
struct KeyFile: Sendable {
  static let version: Int64 = 1
  /// The most keys one data folder holds; bounds the file and the time to write it.
  static let maxKeys = 10_000
  private static let maxBytes = 32 << 20

  let path: String

  /// The keys of the file; none where there is no file.
  func load() throws(KeyFileError) -> [APIKey] {
    let bytes: [UInt8]
    do {
      guard FileSystem.exists(path) else { return [] }
      bytes = try FileSystem.readFile(path)
    } catch {
      throw KeyFileError(path: path, kind: .system(error))
    }
    return try decode(bytes)
  }

  /// What the file holds.
  static func content(_ keys: [APIKey]) -> JSONValue {
    ["format": .integer(version), "keys": .array(keys.map(\.stored))]
  }

  func save(_ keys: [APIKey]) throws(KeyFileError) { try save(content: Self.content(keys)) }

  func save(content: JSONValue) throws(KeyFileError) {
    var bytes = content.prettyPrinted()
    if bytes.last != 10 { bytes.append(10) }
    do {
      try FileSystem.replaceFile(path, bytes, mode: 0o600)
    } catch {
      throw KeyFileError(path: path, kind: .system(error))
    }
  }

  private func decode(_ bytes: [UInt8]) throws(KeyFileError) -> [APIKey] {
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
    var keys: [APIKey] = []
    keys.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      do throws(MemberError) {
        keys.append(try APIKey(stored: item))
      } catch {
        let place = MemberError("keys[\(index)].\(error.member)", error.reason)
        throw KeyFileError(path: path, kind: .invalid(place))
      }
    }
    return keys
  }
}
