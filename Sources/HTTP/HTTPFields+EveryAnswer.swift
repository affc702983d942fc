extension HTTPFields {
  /// The fields that every answer of this server has, whichever door gives it: nothing is kept by caches on the way
  /// (what an answer says ends when access does), and no browser takes an answer for something else than it says it is.
  package static let everyAnswer = cached("no-store")

  /// The same for a public file whose path changes with its content.
  package static let everyFile = cached("public, max-age=31536000, immutable")

  private static func cached(_ control: String) -> HTTPFields {
    var fields = HTTPFields()
    fields.append(.cacheControl, control)
    fields.append(FieldName("X-Content-Type-Options"), "nosniff")
    return fields
  }
}
