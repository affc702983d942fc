package import JSON

extension KeyStore {
  /// What the key file holds: digests and no keys.
  package var content: JSONValue { KeyFile.content(all) }

  /// Puts the content of a backup into a folder that has no key file.
  package static func restore(_ content: JSONValue, into folder: String) throws(KeyFileError) {
    try KeyFile(path: folder + "/keys.json").save(content: content)
  }
}
