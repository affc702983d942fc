import JSON
package import SCIM
package import Storage

/// Grants that a reviewer approves or revokes until a day (access certification): the value of a resource of type Review.
package struct AccessCampaign: Sendable {
  package enum State: String, Sendable, CaseIterable {
    case open, closed
  }

  /// Grants of one review.
  package static let maxGrants = 10_000
  /// Reviews of a directory.
  package static let maxCampaigns = 1000

  package let name: String
  package var state = State.open
  package var due: DateTime?
  /// When it was last reminded of.
  package var reminded: DateTime?
  /// Which grants were chosen, in words.
  package var scope: String?
  package let grants: [ResourceID]
  package var createdBy: String?
  package var closedBy: String?
  package var closed: DateTime?

  package init(name: String, grants: [ResourceID]) {
    self.name = name
    self.grants = grants
  }

  /// Nil if the document is not that of a review.
  package init?(_ document: Document) {
    let attributes = document.attributes
    guard let name = attributes["name"]?.stringValue,
      let state = attributes["state"]?.stringValue.flatMap(State.init)
    else { return nil }
    self.init(
      name: name,
      grants: (attributes["grants"]?.arrayValue ?? []).compactMap {
        $0.stringValue.flatMap { ResourceID($0) }
      })
    self.state = state
    due = attributes["due"]?.stringValue.flatMap { DateTime($0) }
    reminded = attributes["reminded"]?.stringValue.flatMap { DateTime($0) }
    scope = attributes["scope"]?.stringValue
    createdBy = attributes["createdBy"]?.stringValue
    closedBy = attributes["closedBy"]?.stringValue
    closed = attributes["closed"]?.stringValue.flatMap { DateTime($0) }
  }

  package var document: Document {
    var attributes: JSONObject = ["name": .string(name), "state": .string(state.rawValue)]
    if let due { attributes["due"] = .string(due.description) }
    if let reminded { attributes["reminded"] = .string(reminded.description) }
    if let scope { attributes["scope"] = .string(scope) }
    attributes["grants"] = .array(grants.map { .string($0.text) })
    if let createdBy { attributes["createdBy"] = .string(createdBy) }
    if let closedBy { attributes["closedBy"] = .string(closedBy) }
    if let closed { attributes["closed"] = .string(closed.description) }
    return Document(attributes)
  }

  /// Before its day, and on it, in milliseconds.
  private static let reminders: [Int64] = [7, 1, 0].map { $0 * 86_400_000 }

  /// When it is to be reminded of next, in milliseconds since 1970: a week and a day before it is due, and then; nil for
  /// never.
  ///
  /// - Parameter created: when it was opened, in milliseconds since 1970.
  func nextReminder(created: Int64) -> Int64? {
    guard state == .open, let due else { return nil }
    let last = reminded?.milliseconds ?? created
    return Self.reminders.map { due.milliseconds - $0 }.first { $0 > last }
  }

  /// Whether it is open beyond its day.
  package func isOverdue(at now: Int64) -> Bool {
    state == .open && due.map { $0.milliseconds < now } ?? false
  }
}
