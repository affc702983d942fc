package import JSON
package import SCIM

/// A one-time link to the console.
package struct ConsoleLinkReport: Sendable {
  /// Shown once; behind the `#` of the address, so that no server, proxy or log sees it.
  package let secret: String
  /// The address of the console without the secret; nil if no listener has it.
  package let url: String?
  package let expires: DateTime
  package let isViewer: Bool

  package init(secret: String, url: String?, expires: DateTime, isViewer: Bool) {
    self.secret = secret
    self.url = url
    self.expires = expires
    self.isViewer = isViewer
  }

  package var json: JSONValue {
    var object: JSONObject = ["secret": .string(secret)]
    if let url { object["url"] = .string(url) }
    object["expires"] = .string(expires.description)
    object["viewer"] = .bool(isViewer)
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    secret = try reader.text("secret")
    url = try reader.optionalText("url")
    expires = try reader.time("expires")
    isViewer = try reader.boolean("viewer")
  }

  static let schema = AdminSchema.object([
    .init("secret", .text), .init("url", .text, optional: true), .init("expires", .time),
    .init("viewer", .boolean),
  ])
}
