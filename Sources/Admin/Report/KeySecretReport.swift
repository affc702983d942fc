import Credentials
package import JSON
package import SCIM
import Storage

/// One secret of a key, without the secret. A key has two valid ones while it is rotated.
package struct KeySecretReport: Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// The newest one.
    case current
    /// Replaced by a newer one, and still valid.
    case ending
    case ended
  }

  /// 1 for the first.
  package let number: Int
  /// A part of the secret, by which people recognise it.
  package let hint: String
  package let state: State
  package let created: DateTime
  /// When it ends at the latest; nil if it ends with the key.
  package let ends: DateTime?
  /// Whether it ends soon after the first request with the newer one.
  package let untilSeen: Bool
  package let lastUse: KeyUseReport?
}

extension KeySecretReport {
  init(_ generation: APIKey.Generation, of key: APIKey, world: AdminWorld) {
    let isLast = generation.number == key.generations.last?.number
    let isAlive = generation.isAlive(at: world.keys.now)
    self.init(
      number: generation.number, hint: generation.hint,
      state: isAlive ? (isLast ? .current : .ending) : .ended, created: generation.created,
      ends: generation.ends, untilSeen: generation.untilSeen,
      lastUse: world.keys.lastUse(of: key, generation).map { KeyUseReport($0) })
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "number": .integer(Int64(number)), "hint": .string(hint), "state": .string(state.rawValue),
      "created": .string(created.description),
    ]
    if let ends { object["ends"] = .string(ends.description) }
    if untilSeen { object["untilSeen"] = true }
    if let lastUse { object["lastUse"] = lastUse.json }
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      number: try reader.integer("number"), hint: try reader.text("hint"),
      state: State(rawValue: try reader.text("state")) ?? .ended, created: try reader.time("created"),
      ends: try reader.optionalTime("ends"), untilSeen: try reader.optionalBoolean("untilSeen") ?? false,
      lastUse: try reader.optionalObject("lastUse").map { (reader) throws(AdminProblem) in
        try KeyUseReport(reader)
      })
  }

  static let schema = AdminSchema.object([
    .init("number", .integer), .init("hint", .text), .init("state", .choice(State.allCases.map(\.rawValue))),
    .init("created", .time), .init("ends", .time, optional: true),
    .init("untilSeen", .boolean, optional: true), .init("lastUse", KeyUseReport.schema, optional: true),
  ])
}
