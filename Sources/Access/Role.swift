package import JSON
import SCIM
import Storage

/// Something that a user can have: the value of a resource of type Role.
package struct Role: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Holds in the whole directory; the one with the highest rank is a user's account role.
    case account
    /// Holds for one target each.
    case scoped
  }

  package static let rankRange = 0...1_000_000

  /// The stable name, such as `admin`; letter case does not distinguish names.
  package var value: String
  package var display: String?
  package var description: String?
  package var kind: Kind
  /// Sorted, each once, as `noun:verb`.
  package private(set) var permissions: [String]
  package var rank: Int
  package var isRequestable: Bool
  /// Whether somebody must always have it.
  package var isCritical: Bool

  package init(
    _ value: String, _ kind: Kind = .account, permissions: [String] = [], rank: Int = 0,
    isCritical: Bool = false
  ) {
    self.value = value
    self.kind = kind
    self.permissions = Set(permissions).sorted()
    self.rank = rank
    isRequestable = false
    self.isCritical = isCritical
  }

  package mutating func setPermissions(_ permissions: [String]) {
    self.permissions = Set(permissions).sorted()
  }

  /// Whether a text can be the value of a role.
  package static func isValue(_ text: String) -> Bool { AccessNames.isName(text) && ResourceID(text) == nil }

  /// What people call it.
  package var name: String { display ?? value }
}

extension Role {
  /// Nil if the document is not that of a role.
  init?(_ document: Document) {
    let attributes = document.attributes
    guard let value = attributes["value"]?.stringValue else { return nil }
    self.init(
      value, attributes["kind"]?.stringValue.flatMap(Kind.init) ?? .account,
      permissions: (attributes["permissions"]?.arrayValue ?? []).compactMap(\.stringValue),
      rank: attributes["rank"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0,
      isCritical: attributes["critical"]?.boolValue ?? false)
    display = attributes["display"]?.stringValue
    description = attributes["description"]?.stringValue
    isRequestable = attributes["requestable"]?.boolValue ?? false
  }

  var document: Document {
    var attributes = json
    if permissions.isEmpty { attributes["permissions"] = nil }
    return Document(attributes)
  }

  /// As files, the API and the log have it.
  package var json: JSONObject {
    var object: JSONObject = ["value": .string(value)]
    if let display { object["display"] = .string(display) }
    if let description { object["description"] = .string(description) }
    object["kind"] = .string(kind.rawValue)
    object["permissions"] = .array(permissions.map { .string($0) })
    object["rank"] = .integer(Int64(rank))
    object["requestable"] = .bool(isRequestable)
    object["critical"] = .bool(isCritical)
    return object
  }

  package static let members = [
    "value", "display", "description", "kind", "permissions", "rank", "requestable", "critical",
  ]

  /// Throws with the place of what is wrong.
  package init(json: JSONValue) throws(AccessError) {
    let reader = try AccessReader(json, "a role", Role.members)
    self.init(try reader.required("value"))
    try read(reader)
    try check()
  }

  /// The role with the members that `json` has; null takes a text away.
  package mutating func change(_ json: JSONValue) throws(AccessError) {
    let reader = try AccessReader(json, "a role", Role.members)
    if let value = try reader.text("value") { self.value = value }
    try read(reader)
    try check()
  }

  private mutating func read(_ reader: AccessReader) throws(AccessError) {
    if reader.object["display"] != nil { display = try reader.text("display") }
    if reader.object["description"] != nil { description = try reader.text("description") }
    if let text = try reader.text("kind") {
      guard let kind = Kind(rawValue: text) else {
        throw AccessError("/kind", "must be one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      self.kind = kind
    }
    if let permissions = try reader.texts("permissions") {
      for (index, text) in permissions.enumerated() where !AccessNames.isPermission(text) {
        throw AccessError(
          "/permissions/\(index)",
          "\"\(text.prefix(64))\" is not noun:verb; both are made of letters, digits, . _ and -")
      }
      setPermissions(permissions)
    }
    if let rank = try reader.integer("rank") { self.rank = rank }
    if let flag = try reader.flag("requestable") { isRequestable = flag }
    if let flag = try reader.flag("critical") { isCritical = flag }
  }

  private func check() throws(AccessError) {
    guard AccessNames.isName(value) else {
      throw AccessError(
        "/value", "must be 1 to \(AccessNames.maxNameBytes) letters, digits, . _ and - of ASCII")
    }
    guard ResourceID(value) == nil else { throw AccessError("/value", "must not be a UUID") }
    try AccessNames.check(display, "/display")
    try AccessNames.check(description, "/description")
    guard permissions.count <= AccessNames.maxPermissions else {
      throw AccessError("/permissions", "are more than \(AccessNames.maxPermissions)")
    }
    guard Role.rankRange.contains(rank) else {
      throw AccessError("/rank", "must be from \(Role.rankRange.lowerBound) to \(Role.rankRange.upperBound)")
    }
    guard kind == .account || rank == 0 else {
      throw AccessError("/rank", "belongs to account roles; a scoped role has none")
    }
  }
}
