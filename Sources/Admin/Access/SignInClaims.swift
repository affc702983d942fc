import JSON
import SCIM
import Storage

/// What an application knows of a person from a login.
struct SignInClaims: Sendable {
  static let members = [
    "userName", "externalId", "displayName", "givenName", "familyName", "email", "groups",
  ]
  private static let maxTextBytes = 1024
  private static let maxGroups = 1000

  let userName: String
  let externalID: String?
  private let displayName: String?
  private let givenName: String?
  private let familyName: String?
  private let email: String?
  /// By displayName or id, folded; nil if the login says nothing of groups.
  let groups: Set<TextKey>?

  init(_ reader: ObjectReader) throws(AdminProblem) {
    try reader.allow(Self.members, of: "a sign-in")
    func text(_ name: String) throws(AdminProblem) -> String? {
      let text = try reader.optionalText(name)
      guard let text, !(1...Self.maxTextBytes).contains(text.utf8.count) else { return text }
      throw AdminProblem(
        .invalidMember, "\(name) must have 1 to \(Self.maxTextBytes) bytes.", at: "/\(name)")
    }
    guard let userName = try text("userName") else {
      throw AdminProblem(.invalidMember, "userName is required.", at: "/userName")
    }
    self.userName = userName
    externalID = try text("externalId")
    displayName = try text("displayName")
    givenName = try text("givenName")
    familyName = try text("familyName")
    email = try text("email")
    guard reader.has("groups") else {
      groups = nil
      return
    }
    let names = try reader.texts("groups")
    guard names.count <= Self.maxGroups else {
      throw AdminProblem(.tooMany, "There are more than \(Self.maxGroups) groups.", at: "/groups")
    }
    groups = Set(names.map { TextKey(folding: $0) })
  }

  /// The new user.
  func resource(_ type: ResourceType) -> JSONValue {
    var object: JSONObject = ["schemas": [.string(type.schema.id)], "userName": .string(userName)]
    if let externalID { object["externalId"] = .string(externalID) }
    if let displayName { object["displayName"] = .string(displayName) }
    var name = JSONObject()
    if let givenName { name["givenName"] = .string(givenName) }
    if let familyName { name["familyName"] = .string(familyName) }
    if !name.isEmpty { object["name"] = .object(name) }
    if let email { object["emails"] = [["value": .string(email), "primary": true]] }
    object["active"] = true
    return .object(object)
  }

  /// What the login changes of an existing user, as PATCH operations; nil if it changes nothing.
  ///
  /// - Parameter replacesEmail: whether nobody else than sign-ins vouches for the addresses.
  func changes(of old: Document, replacesEmail: Bool) -> JSONValue? {
    var operations: [JSONValue] = []
    func replace(_ path: String, _ old: JSONValue?, _ text: String?) {
      guard let text, old?.stringValue?.hasSameBytes(as: text) != true else { return }
      operations.append(["op": "replace", "path": .string(path), "value": .string(text)])
    }
    let attributes = old.attributes
    let isSameName =
      attributes["userName"]?.stringValue.map { TextKey(folding: $0) } == TextKey(folding: userName)
    if !isSameName { replace("userName", attributes["userName"], userName) }
    replace("externalId", attributes["externalId"], externalID)
    replace("displayName", attributes["displayName"], displayName)
    replace("name.givenName", attributes["name"]?["givenName"], givenName)
    replace("name.familyName", attributes["name"]?["familyName"], familyName)
    if let email {
      let known = (attributes["emails"]?.arrayValue ?? []).compactMap { $0["value"]?.stringValue }
      if !known.contains(where: { TextKey(folding: $0) == TextKey(folding: email) }) {
        operations.append([
          "op": replacesEmail ? "replace" : "add", "path": "emails",
          "value": [["value": .string(email), "primary": true]],
        ])
      }
    }
    return operations.isEmpty ? nil : ["Operations": .array(operations)]
  }
}
