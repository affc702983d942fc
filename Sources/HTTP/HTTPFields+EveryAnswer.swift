extension HTTPFields {
  /// The fields that every answer of this server has, whichever door gives it: nothing is kept by caches on the way
  /// (what an answer says ends when access does), and no browser takes an answer for something else than it says it is.
  package static let everyAnswer: HTTPFields = {
    var fields = HTTPFields()
    fields.append(.cacheControl, "no-store")
    fields.append(FieldName("X-Content-Type-Options"), "nosniff")
    return fields
  }()
}
