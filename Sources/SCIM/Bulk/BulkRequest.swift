package import JSON

/// A bulk job as it was sent (RFC 7644 §3.7).
package struct BulkRequest: Sendable {
  package let operations: [BulkOperation]
  /// After so many errors no further operation is begun; nil to go through all.
  package let failOnErrors: Int?
  /// All operations or none: `"atomic": true`, which RFC 7644 does not have.
  package let isAtomic: Bool

  /// Throws 400 invalidSyntax if the message as a whole is wrong, 413 if it holds more than `maxOperations`.
  package init(_ json: JSONValue, maxOperations: Int) throws(SCIMError) {
    guard let body = json.objectValue else {
      throw SCIMError(.notAnObject, "The body must be a JSON object.")
    }
    try body.checkOnce(["schemas", "Operations", "failOnErrors", "atomic"])
    try SchemaURN.check(body.member("schemas"), lists: SchemaURN.bulkRequest)
    guard let given = body.member("Operations")?.arrayValue, !given.isEmpty else {
      throw SCIMError(.operationsMissing, "\"Operations\" must be an array of at least one operation.")
    }
    guard given.count <= maxOperations else {
      throw SCIMError(
        .bulkTooLarge,
        "A bulk request may have \(maxOperations) operations (maxOperations), not \(given.count).")
    }
    failOnErrors = try BulkRequest.limit(body.member("failOnErrors"))
    isAtomic = try BulkRequest.flag(body.member("atomic"))
    operations = try given.enumerated().map { (index, json) throws(SCIMError) in
      do throws(SCIMError) { return try BulkOperation(json) } catch {
        throw error.at(operation: index)
      }
    }
    var seen = Set<String>()
    for id in operations.compactMap(\.bulkId) where !seen.insert(id).inserted {
      throw SCIMError(.bulkIdTwice, "The bulkId \"\(id.prefix(64))\" is given twice; each must be unique.")
    }
  }

  /// `failOnErrors`; 0 means no limit.
  private static func limit(_ json: JSONValue?) throws(SCIMError) -> Int? {
    guard let json, !json.isNull else { return nil }
    guard let number = json.wholeNumber, number >= 0 else {
      throw SCIMError(.bulkMemberInvalid, "\"failOnErrors\" must be a whole number from 0; 0 means no limit.")
    }
    return number == 0 ? nil : number
  }

  private static func flag(_ json: JSONValue?) throws(SCIMError) -> Bool {
    guard let json, !json.isNull else { return false }
    guard let flag = json.boolValue else {
      throw SCIMError(.bulkMemberInvalid, "\"atomic\" must be true or false.")
    }
    return flag
  }
}

extension JSONObject {
  /// A member of a message, whose names ignore letter case as attributes do.
  func member(_ name: String) -> JSONValue? {
    self[name] ?? members.first { CaseFolding.sameName($0.name, name) }?.value
  }
}
