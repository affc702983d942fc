package import Credentials
package import JSON

/// A request for a new secret of a key.
package struct KeyRotation: Sendable {
  /// When the old secret ends.
  package var overlap = KeyOverlap.standard
  /// When the key expires from now on.
  package var expires = KeyExpiry.standard

  package init() {}

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["overlap", "expires"], of: "a rotation")
    if let text = try reader.optionalText("overlap") {
      guard let overlap = KeyOverlap(text) else {
        throw AdminProblem(
          .invalidMember, "overlap: \"\(text.prefix(64))\" is not a span of time.", at: "/overlap",
          fix: "Write 24h, 30m, 7d (90 days at most), until-seen or none.")
      }
      self.overlap = overlap
    }
    expires = try KeyExpiry(reader)
  }

  /// The body of a request.
  ///
  /// - Parameter overlap: as the API accepts it; nil for the default.
  package static func json(overlap: String?, expires: KeyExpiry) -> JSONValue {
    var object = JSONObject()
    if let overlap { object["overlap"] = .string(overlap) }
    object["expires"] = expires.json
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("overlap", .text, optional: true), .init("expires", .nullable(.time), optional: true),
  ])
}
