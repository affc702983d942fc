package import JSON

/// Members to add to a group and to remove from it, each by id, userName, e-mail address or displayName.
package struct MembershipChange: Sendable, Equatable {
  /// Members named in one request.
  static let maxNames = 10_000

  package var add: [String]
  package var remove: [String]

  package init(add: [String] = [], remove: [String] = []) {
    self.add = add
    self.remove = remove
  }

  package var json: JSONValue {
    ["add": .array(add.map { .string($0) }), "remove": .array(remove.map { .string($0) })]
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(["add", "remove"], of: "a change of members")
    self.init(add: try reader.texts("add"), remove: try reader.texts("remove"))
    guard !add.isEmpty || !remove.isEmpty else {
      throw AdminProblem(.invalidMember, "The change names no members.", at: "/add")
    }
    guard add.count + remove.count <= Self.maxNames else {
      throw AdminProblem(.tooMany, "A change names at most \(Self.maxNames) members.")
    }
  }

  static let schema = AdminSchema.object([
    .init("add", .list(.text), optional: true), .init("remove", .list(.text), optional: true),
  ])
}
