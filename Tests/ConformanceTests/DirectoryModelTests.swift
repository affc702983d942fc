import Client
import Foundation
import JSON
import XCTest

/// Random requests with a fixed seed, sent to the server and done to the model: both must always agree.
final class DirectoryModelTests: XCTestCase {
  private static let steps = 1_200
  private let core = "urn:ietf:params:scim:schemas:core:2.0:"
  private var random = Dice(seed: 7643)
  private var model = DirectoryModel()
  private var client: HTTPClient?
  private var outcomes: [Int: Int] = [:]

  func testRandomRequestsLeaveWhatANaiveDirectoryHolds() throws {
    let folder = NSTemporaryDirectory() + "scimd-model-" + UUID().uuidString
    addTeardownBlock { try? FileManager.default.removeItem(atPath: folder) }
    var server = try LocalServer(folder: folder)
    let key = try server.key()
    client = try HTTPClient(base: server.root + "/scim/v2", token: key)
    for step in 1...Self.steps {
      try act()
      if step % 40 == 0 { try compareAll("after step \(step)") }
      if step % 400 == 0 {
        client?.disconnect()
        XCTAssertTrue(server.stop())
        server = try LocalServer(folder: folder)
        client = try HTTPClient(base: server.root + "/scim/v2", token: key)
        try compareAll("after a restart at step \(step)")
      }
    }
    client?.disconnect()
    XCTAssertTrue(server.stop())
    for status in [200, 201, 204, 400, 404, 409] {
      XCTAssertGreaterThan(outcomes[status] ?? 0, 10, "too few answers \(status): the walk proves little")
    }
  }

  // MARK: Requests

  private func act() throws {
    switch random.below(12) {
    case 0, 1, 2: try createUser()
    case 3: try replaceUser()
    case 4, 5: try patchUser()
    case 6: try delete()
    case 7: try createGroup()
    case 8, 9, 10: try patchGroup()
    default: try createTogether()
    }
  }

  private func createUser() throws {
    let draft = randomUser(id: "")
    let response = try send("POST", "/Users", body(of: draft))
    guard model.isFree(draft.userName) else { return XCTAssertEqual(response.status, 409) }
    XCTAssertEqual(response.status, 201)
    model.put(draft.named(try id(of: response)))
    try compareUser(try id(of: response))
  }

  private func replaceUser() throws {
    let id = random.element(model.users)?.id ?? "nobody"
    let draft = randomUser(id: id)
    let response = try send("PUT", "/Users/\(id)", body(of: draft))
    guard model.user(id) != nil else { return XCTAssertEqual(response.status, 404) }
    guard model.isFree(draft.userName, except: id) else { return XCTAssertEqual(response.status, 409) }
    XCTAssertEqual(response.status, 200)
    model.put(draft)
    try compareUser(id)
  }

  /// One to three operations, each applied to the model too; the last may be one that must undo all.
  private func patchUser() throws {
    guard var user = random.element(model.users) else { return }
    var operations: [JSONValue] = []
    for _ in 0...random.below(3) { operations.append(randomOperation(on: &user)) }
    let fails = random.below(4) == 0
    if fails {
      operations.append(
        random.element([
          ["op": "replace", "path": "active", "value": "perhaps"], ["op": "remove", "path": "userName"],
          ["op": "replace", "path": "id", "value": "mine"], ["op": "add", "path": "nonsense", "value": 1],
          ["op": "replace", "path": "emails[type eq \"none\"].value", "value": "x@example.com"],
        ]) ?? [:])
    }
    let response = try patch("/Users/\(user.id)", operations)
    XCTAssertEqual(response.status, fails ? 400 : 200, "\(JSONValue.array(operations))")
    if !fails { model.put(user) }
    try compareUser(user.id)
  }

  private func randomOperation(on user: inout DirectoryModel.User) -> JSONValue {
    let type = random.element(["work", "home"]) ?? "work"
    let address = "\(random.below(30))@example.com"
    switch random.below(6) {
    case 0:
      user.title = "T\(random.below(4))"
      return ["op": "Replace", "path": "title", "value": .string(user.title ?? "")]
    case 1:
      user.title = nil
      return ["op": "remove", "path": "title"]
    case 2:
      user.active = random.below(2) == 0
      return ["op": "replace", "value": ["active": .string(user.active ? "True" : "False")]]
    case 3:
      user.emails[type] = nil
      return ["op": "remove", "path": .string("emails[type eq \"\(type)\"]")]
    case 4:
      user.emails[type] = address
      return ["op": "add", "path": .string("emails[type eq \"\(type)\"].value"), "value": .string(address)]
    default:
      user.emails = [type: address]
      return [
        "op": "replace", "path": "emails", "value": [["value": .string(address), "type": .string(type)]],
      ]
    }
  }

  private func delete() throws {
    let id = random.element(model.ids) ?? "nobody"
    let endpoint = model.group(id) == nil ? "/Users" : "/Groups"
    XCTAssertEqual(try send("DELETE", "\(endpoint)/\(id)").status, model.ids.contains(id) ? 204 : 404)
    model.delete(id)
    XCTAssertEqual(try send("GET", "\(endpoint)/\(id)").status, 404)
  }

  private func createGroup() throws {
    var group = DirectoryModel.Group(id: "", displayName: "G\(random.below(50))")
    for _ in 0..<random.below(6) { group.members.insert(random.element(model.ids) ?? "nobody") }
    let isUnknown = random.below(8) == 0 || group.members.contains("nobody")
    var members = values(group.members)
    if isUnknown { members.append(["value": "nobody"]) }
    let body: JSONValue = [
      "schemas": [.string(core + "Group")], "displayName": .string(group.displayName),
      "members": .array(members),
    ]
    let response = try send("POST", "/Groups", body)
    XCTAssertEqual(response.status, isUnknown ? 400 : 201)
    guard !isUnknown else { return }
    let made = DirectoryModel.Group(
      id: try id(of: response), displayName: group.displayName, members: group.members)
    model.put(made)
    try compareGroup(made.id)
  }

  private func patchGroup() throws {
    guard var group = random.element(model.groups), let some = random.element(model.ids) else { return }
    let operation: JSONValue
    switch random.below(6) {
    case 0, 1:
      let added = Set((0..<3).compactMap { _ in random.element(model.ids) })
      group.members.formUnion(added)
      operation = ["op": "add", "path": "members", "value": .array(values(added))]
    case 2:
      group.members.remove(some)
      operation = ["op": "remove", "path": .string("members[value eq \"\(some)\"]")]
    case 3:
      group.members.remove(some)
      operation = ["op": "Remove", "path": "members", "value": [["value": .string(some)]]]
    case 4:
      group.members = [some]
      operation = ["op": "replace", "path": "members", "value": [["value": .string(some)]]]
    default:
      group.displayName = "G\(random.below(50))"
      operation = ["op": "replace", "value": ["displayName": .string(group.displayName)]]
    }
    XCTAssertEqual(try patch("/Groups/\(group.id)", [operation]).status, 200, "\(operation)")
    model.put(group)
    try compareGroup(group.id)
    for id in group.members where model.user(id) != nil { try compareUser(id) }
  }

  /// A bulk job of a user and a group that holds her; the user may be refused, and then the group is too.
  private func createTogether() throws {
    let draft = randomUser(id: "")
    let name = "B\(random.below(50))"
    let group: JSONValue = [
      "schemas": [.string(core + "Group")], "displayName": .string(name), "members": [["value": "bulkId:u"]],
    ]
    let response = try send(
      "POST", "/Bulk",
      [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
          ["method": "POST", "path": "/Groups", "bulkId": "g", "data": group],
          ["method": "POST", "path": "/Users", "bulkId": "u", "data": body(of: draft)],
        ],
      ])
    XCTAssertEqual(response.status, 200)
    let results = try response.json()["Operations"]?.arrayValue ?? []
    let isFree = model.isFree(draft.userName)
    XCTAssertEqual(results.map { $0["status"]?.stringValue == "201" }, [isFree, isFree])
    guard isFree else { return }
    let ids = results.map { result in
      result["location"]?.stringValue?.split(separator: "/").last.map(String.init) ?? ""
    }
    // The order of creation within a job is the server's: the user before the group that names her.
    model.put(draft.named(ids[1]))
    model.put(DirectoryModel.Group(id: ids[0], displayName: name, members: [ids[1]]))
    try compareGroup(ids[0])
    try compareUser(ids[1])
  }

  // MARK: Comparisons

  private func compareUser(_ id: String) throws {
    let found = try send("GET", "/Users/\(id)").json()
    XCTAssertEqual(known(found), model.user(id)?.json(memberships: model.memberships(of: id)))
  }

  private func compareGroup(_ id: String) throws {
    XCTAssertEqual(known(try send("GET", "/Groups/\(id)").json()), model.group(id)?.json)
  }

  private func compareAll(_ when: String) throws {
    for user in model.users { try compareUser(user.id) }
    for group in model.groups { try compareGroup(group.id) }
    let users = model.users
    let queries: [(String, [DirectoryModel.User])] = [
      ("/Users?", users), ("/Users?filter=title%20pr", users.filter { $0.title != nil }),
      ("/Users?filter=title%20eq%20%22t1%22", users.filter { $0.title == "T1" }),
      (
        "/Users?filter=active%20eq%20false%20or%20not%20(emails%20pr)",
        users.filter { !$0.active || $0.emails.isEmpty }
      ),
      (
        "/Users?filter=emails%5Btype%20eq%20%22home%22%20and%20value%20sw%20%221%22%5D",
        users.filter { $0.emails["home"]?.hasPrefix("1") ?? false }
      ),
      ("/Users?filter=userName%20gt%20%22m%22", users.filter { $0.userName.lowercased() > "m" }),
      ("/Users?sortBy=userName", users.sorted { $0.userName.lowercased() < $1.userName.lowercased() }),
      (
        "/Users?sortBy=userName&sortOrder=descending",
        users.sorted { $0.userName.lowercased() > $1.userName.lowercased() }
      ),
    ]
    for (path, expected) in queries { try compare(path, expected.map(\.id), when) }
    try compare("/Groups?", model.groups.map(\.id), when)
    if let id = random.element(model.ids) {
      let holders = model.groups.filter { $0.members.contains(id) }.map(\.id)
      try compare("/Groups?filter=members.value%20eq%20%22\(id)%22", holders, when)
    }
  }

  /// Every page, whichever way it is reached, and the totals.
  private func compare(_ path: String, _ expected: [String], _ when: String) throws {
    var walked: [String] = []
    while true {
      let page = try send("GET", "\(path)&attributes=id&count=7&startIndex=\(walked.count + 1)").json()
      XCTAssertEqual(page["totalResults"]?.integerValue, Int64(expected.count), "\(path) \(when)")
      let found = page["Resources"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      if found.isEmpty { break }
      walked += found
    }
    XCTAssertEqual(walked, expected, "\(path) \(when)")
    var cursor = ""
    walked = []
    repeat {
      let page = try send("GET", "\(path)&attributes=id&count=5&cursor=\(cursor)").json()
      walked += page["Resources"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      cursor = page["nextCursor"]?.stringValue ?? ""
    } while !cursor.isEmpty
    XCTAssertEqual(walked, expected, "\(path) by cursor \(when)")
  }

  /// What the model knows of a representation, lists in the model's order.
  private func known(_ json: JSONValue) -> JSONValue {
    var object = JSONObject()
    for name in ["id", "userName", "active", "displayName", "title"] {
      if let value = json[name] { object[name] = value }
    }
    for (name, key, kept) in [
      ("emails", "type", ["value", "type"]), ("groups", "value", ["value", "type"]),
      ("members", "value", ["value"]),
    ] {
      guard let values = json[name]?.arrayValue else { continue }
      let sorted = values.sorted { ($0[key]?.stringValue ?? "") < ($1[key]?.stringValue ?? "") }
      object[name] = .array(
        sorted.map { value in
          .object(JSONObject(kept.compactMap { name in value[name].map { .init(name: name, value: $0) } }))
        })
    }
    return .object(object)
  }

  // MARK: Parts of requests

  private func randomUser(id: String) -> DirectoryModel.User {
    let name = random.element(["ada", "bob", "Cy", "dee", "Eve", "fay", "Gus", "moe", "NED", "zoe"]) ?? "ada"
    var user = DirectoryModel.User(id: id, userName: "\(name)\(random.below(8))")
    if random.below(3) == 0 { user.userName = user.userName.uppercased() }
    if random.below(2) == 0 { user.title = "T\(random.below(4))" }
    user.active = random.below(4) != 0
    if random.below(2) == 0 { user.emails["work"] = "\(random.below(30))@example.com" }
    if random.below(3) == 0 { user.emails["home"] = "\(random.below(30))@example.com" }
    return user
  }

  private func body(of user: DirectoryModel.User) -> JSONValue {
    var body = user.json(memberships: [:]).objectValue ?? JSONObject()
    body["id"] = nil
    body["schemas"] = [.string(core + "User")]
    return .object(body)
  }

  private func values(_ ids: Set<String>) -> [JSONValue] { ids.sorted().map { ["value": .string($0)] } }

  private func patch(_ path: String, _ operations: [JSONValue]) throws -> ClientResponse {
    try send(
      "PATCH", path,
      ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)])
  }

  private func send(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> ClientResponse {
    let response = try XCTUnwrap(client).send(method: method, path: path, body: body?.serialized())
    outcomes[response.status, default: 0] += 1
    return response
  }

  private func id(of response: ClientResponse) throws -> String {
    try XCTUnwrap(try response.json()["id"]?.stringValue)
  }
}

extension DirectoryModel.User {
  fileprivate func named(_ id: String) -> DirectoryModel.User {
    var user = DirectoryModel.User(id: id, userName: userName)
    user.title = title
    user.active = active
    user.emails = emails
    return user
  }
}

/// SplitMix64: the same throws for the same seed.
private struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }

  mutating func element<T>(_ values: [T]) -> T? { values.isEmpty ? nil : values[below(values.count)] }
}
