import JSON
import SCIM
@testable import Storage

/// Random requests of a seeded sequence, for comparing two ways to the same state.
struct RandomClient {
  var random = SeededRandom()
  private var serial = 0
  private(set) var users: [Resource] = []
  private(set) var groups: [Resource] = []

  private static let names = [
    "Åsa", "A\u{30A}sa", "åsa", "ÅSA", "Ｂｏｂ", "bob", "Bob", "Zoë", "Straße", "STRASSE", "名前", "Ω", "ω",
  ]

  init(seed: Int = 0) { for _ in 0..<seed { _ = random.next() } }

  mutating func run(_ count: Int, on tenant: Tenant, _ clock: TestClock) throws {
    for _ in 0..<count {
      clock.advance(by: Int64.random(in: -2...4, using: &random))
      try step(tenant)
    }
  }

  private mutating func step(_ tenant: Tenant) throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0...4: users.append(try tenant.create(tenant.user, userBody()))
    case 5: groups.append(try tenant.create(tenant.group, groupBody()))
    case 6...7:
      guard let old = users.randomElement(using: &random) else { return }
      try tenant.replace(old, userBody())
    case 8...11:
      guard let old = users.randomElement(using: &random) else { return }
      try tenant.patch(old, userOperations())
    case 12...15:
      guard let old = groups.randomElement(using: &random) else { return }
      try tenant.patch(old, groupOperations())
    case 16:
      guard let old = groups.randomElement(using: &random) else { return }
      try tenant.replace(old, groupBody())
    case 17...18:
      guard let index = users.indices.randomElement(using: &random) else { return }
      try tenant.delete(users.remove(at: index))
    default:
      guard groups.count > 3, let index = groups.indices.randomElement(using: &random) else { return }
      try tenant.delete(groups.remove(at: index))
    }
  }

  /// No more requests for a resource that is gone.
  mutating func forget(_ id: ResourceID) {
    users.removeAll { $0.id == id }
    groups.removeAll { $0.id == id }
  }

  mutating func name() -> String { RandomClient.names.randomElement(using: &random) ?? "" }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func userBody() -> JSONValue {
    serial += 1
    var body: JSONObject = ["userName": .string("\(name())\(serial)")]
    if chance(60) { body["displayName"] = .string(name()) }
    if chance(60) { body["externalId"] = .string("\(name())\(Int.random(in: 0..<9, using: &random))") }
    if chance(50) { body["title"] = .string(name()) }
    if chance(50) { body["active"] = .bool(chance(50)) }
    if chance(50) { body["name"] = ["familyName": .string(name()), "givenName": .string(name())] }
    if chance(70) { body["emails"] = emails() }
    if chance(30) {
      body[SchemaURN.enterpriseUser] = [
        "employeeNumber": .string("\(serial)"), "department": .string(name()),
      ]
    }
    return .object(body)
  }

  private mutating func emails() -> JSONValue {
    var emails: [JSONValue] = []
    for (index, type) in ["work", "home", "other"].prefix(Int.random(in: 1...3, using: &random)).enumerated()
    {
      emails.append([
        "value": .string("\(name())@example.\(Int.random(in: 0..<9, using: &random))"), "type": .string(type),
        "primary": .bool(index == 0),
      ])
    }
    return .array(emails)
  }

  private mutating func userOperations() -> [JSONValue] {
    let all: [JSONValue] = [
      ["op": "replace", "path": "displayName", "value": .string(name())],
      ["op": "remove", "path": "title"],
      ["op": "add", "path": "emails", "value": [["value": .string("\(name())@x"), "type": "other"]]],
      ["op": "remove", "path": "emails[type eq \"home\"]"],
      ["op": "replace", "path": "name.givenName", "value": .string(name())],
      ["op": "replace", "value": ["active": .bool(chance(50)), "nickName": .string(name())]],
      ["op": "add", "path": .string("\(SchemaURN.enterpriseUser):department"), "value": .string(name())],
    ]
    return Array(all.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
  }

  private mutating func groupBody() -> JSONValue {
    ["displayName": .string(name()), "members": Tenant.references(someMembers())]
  }

  private mutating func groupOperations() -> [JSONValue] {
    var operations: [JSONValue] = [
      ["op": "add", "path": "members", "value": Tenant.references(someMembers())],
      ["op": "replace", "path": "displayName", "value": .string(name())],
      ["op": "add", "path": "members", "value": Tenant.references(someMembers())],
    ]
    for member in someMembers() {
      operations.append(["op": "remove", "path": .string("members[value eq \"\(member.id.text)\"]")])
    }
    if chance(5) { operations.append(["op": "remove", "path": "members[type eq \"Group\"]"]) }
    if chance(5) {
      operations.append(["op": "replace", "path": "members", "value": Tenant.references(someMembers())])
    }
    return Array(operations.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
  }

  /// Users mostly, and now and then a group, its own among them.
  private mutating func someMembers() -> [Resource] {
    var members = Array(users.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random)))
    if chance(25), let group = groups.randomElement(using: &random) { members.append(group) }
    return members
  }
}
