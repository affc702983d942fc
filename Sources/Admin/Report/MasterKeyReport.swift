package import JSON
import Storage

/// The master key that a data folder was last used with.
package struct MasterKeyReport: Sendable {
  /// The file.
  package let file: String
  /// The fingerprint of the key in the log, and since when; nil before the first start of a server.
  package let fingerprint: String?
  package let since: String?
  /// The fingerprint of the key in the file; nil if the file does not exist.
  package let fileFingerprint: String?
}

extension MasterKeyReport {
  init(_ keys: MasterKeys) throws(MasterKeyError) {
    let recorded = keys.recorded()
    self.init(
      file: keys.path, fingerprint: recorded?.fingerprint, since: recorded?.since,
      fileFingerprint: try keys.fingerprintOfFile())
  }

  /// Whether a server would start with the file.
  package var isUsable: Bool {
    guard let fingerprint else { return true }
    return fileFingerprint?.hasSameBytes(as: fingerprint) ?? false
  }

  package var json: JSONValue {
    var object: JSONObject = ["file": .string(file)]
    object["fingerprint"] = fingerprint.map { .string($0) }
    object["since"] = since.map { .string($0) }
    object["fileFingerprint"] = fileFingerprint.map { .string($0) }
    object["usable"] = .bool(isUsable)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      file: try reader.text("file"), fingerprint: try reader.optionalText("fingerprint"),
      since: try reader.optionalText("since"), fileFingerprint: try reader.optionalText("fileFingerprint"))
  }

  static let schema = AdminSchema.object([
    .init("file", .text), .init("fingerprint", .text, optional: true),
    .init("since", .time, optional: true), .init("fileFingerprint", .text, optional: true),
    .init("usable", .boolean),
  ])
}
