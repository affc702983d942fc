import Credentials
import JSON

/// What the server knows of the public keys of an issuer.
package struct KeySetReport: Sendable {
  /// Seconds since they were read; nil if they were not since the server started.
  package let age: Int?
  /// Usable keys.
  package let keys: Int
  /// Why the last attempt failed; nil if it did not.
  package let failure: String?

  init(_ state: KeySets.State) {
    age = state.age
    keys = state.count
    failure = state.failure
  }

  var json: JSONValue {
    var object: JSONObject = ["keys": .integer(Int64(keys))]
    if let age { object["age"] = .integer(Int64(age)) }
    if let failure { object["failure"] = .string(failure) }
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    age = try reader.optionalInteger("age")
    keys = try reader.integer("keys")
    failure = try reader.optionalText("failure")
  }

  static let schema = AdminSchema.object([
    .init("keys", .integer), .init("age", .integer, optional: true), .init("failure", .text, optional: true),
  ])
}
