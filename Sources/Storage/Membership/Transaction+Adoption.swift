import JSON
import SCIM

/// The effects of sign-ins on a user: a note, removed when the user is erased.
package struct SignInNote: Sendable {
  /// Groups that sign-ins put the user into.
  package var groups: [ResourceID] = []
  /// The day of the last one, in milliseconds since 1970.
  package var last: Int64 = 0

  package init() {}

  private static let prefix = "sign-in:"

  static func key(_ user: ResourceID) -> String { prefix + user.text }

  /// When users signed in last, to the day, in milliseconds since 1970.
  package static func last(in directory: Directory) -> [ResourceID: Int64] {
    var found: [ResourceID: Int64] = [:]
    for (key, value) in directory.notes(withPrefix: prefix) {
      if let id = ResourceID(String(key.dropFirst(prefix.count))) { found[id] = SignInNote(value).last }
    }
    return found
  }

  init(_ json: JSONValue?) {
    groups = (json?["groups"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap { ResourceID($0) } }
    last = json?["last"]?.integerValue ?? 0
  }

  var json: JSONValue {
    var object: JSONObject = ["last": .integer(last)]
    if !groups.isEmpty { object["groups"] = .array(groups.map { .string($0.text) }) }
    return .object(object)
  }
}

// A user whom a sign-in created, and whom an identity provider then says it manages.
extension Transaction {
  package func signIns(of user: ResourceID) -> SignInNote { SignInNote(note(SignInNote.key(user))) }

  package mutating func set(_ note: SignInNote, of user: ResourceID) {
    self.note(SignInNote.key(user), about: user, note.json)
  }

  /// Whether the actor takes the user over by changing it.
  func adopts(_ old: Existing) -> Bool {
    old.type.hasGroups && actor.connection != nil && state.managers.isSignIn(old.entry.manager)
  }

  /// The user that sign-ins created, if a connection creates the same one: it takes that over. Otherwise nil.
  mutating func adopt(_ document: Document, _ type: ResourceType) throws(SCIMError) -> ResourceID? {
    guard type.hasGroups, actor.connection != nil else { return nil }
    func owners(_ attribute: String) -> [ResourceID] {
      guard let text = document.attributes[attribute]?.stringValue, !text.isEmpty else { return [] }
      return find(type, attribute, text)
    }
    let (named, external) = (owners("userName"), owners("externalId"))
    let candidates = Set(named + external).filter { id in
      state.slots[id].flatMap { state.entries[$0] }.map { state.managers.isSignIn($0.manager) } ?? false
    }
    guard let candidate = candidates.first else { return nil }
    guard candidates.count == 1, named.allSatisfy({ $0 == candidate }) else {
      throw SCIMError(
        .identityMismatch,
        "The userName and the externalId name different users, whom sign-ins created. Nothing was "
          + "changed; an administrator has to delete one of them, or correct it.")
    }
    let old = try resource(type, candidate.text)
    let new = try DocumentRules.checked(
      try DocumentRules.replacement(of: old.document, by: document, type), type)
    try update(old, new, [], skipsUnknown: false, namesExternalID: true)
    return candidate
  }

  /// Ends the memberships that sign-ins gave the user, and an `externalId` that only they vouched for: rights must not
  /// pass to another person. Throws 409 if nothing but the id says that it is the same person.
  mutating func adopt(
    _ old: Existing, _ document: inout Document, namesExternalID: Bool
  ) throws(SCIMError) {
    func value(_ name: String, _ document: Document) -> TextKey? {
      document.attributes[name]?.stringValue.map { TextKey(folding: $0) }
    }
    let external = old.document.attributes["externalId"]?.stringValue
    let isSame =
      external.map { id in document.attributes["externalId"]?.stringValue?.hasSameBytes(as: id) ?? false }
      ?? false
    guard isSame || value("userName", old.document) == value("userName", document) else {
      throw SCIMError(
        .identityMismatch,
        "A sign-in created this user, and the request gives it another userName and another "
          + "externalId: it may be another person. Create a new user, or let an administrator rename this one."
      )
    }
    if !namesExternalID { document.attributes["externalId"] = nil }
    var signIns = signIns(of: old.id)
    for group in signIns.groups {
      let slot = state.slots[group]
      guard slot.flatMap({ state.entries[$0] })?.members.contains(old.slot) == true else { continue }
      changes.append(.members(group: group, added: [], removed: [old.id]))
    }
    guard !signIns.groups.isEmpty else { return }
    signIns.groups = []
    set(signIns, of: old.id)
  }
}

extension Transaction {
  /// Whether a sign-in created the user, and no connection has taken it over.
  package func isManagedBySignIn(_ id: ResourceID) -> Bool {
    state.slots[id].flatMap { state.entries[$0] }.map { state.managers.isSignIn($0.manager) } ?? false
  }

  /// Whether a resource is a direct member of a group.
  package func isMember(_ id: ResourceID, of group: Existing) -> Bool {
    state.slots[id].map { group.entry.members.contains($0) } ?? false
  }
}
