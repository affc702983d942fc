package import JSON

/// One change of a durable record, as applications see it.
package struct Event: Sendable {
  /// Who or what it is about, as of then.
  package struct Subject: Sendable {
    package let type: String
    package let id: String
    /// `userName`, `displayName`, `externalId`, `active`, `name`: those that the record has.
    var details = JSONObject()
  }

  package let id: EventID
  /// The directory's event before it; nil if that is not kept any more.
  package internal(set) var previousID: EventID?
  package let type: EventType
  package let directory: String
  /// When the record was written, as RFC 3339 text.
  package let time: String
  /// The chained hash of the record, as 64 hexadecimal digits.
  let hash: String
  /// The record's actor, without addresses.
  let actor: JSONValue?
  let request: String?
  let job: String?
  package let subject: Subject
  var changed: JSONObject?
  var previous: JSONObject?
  /// Whether the values were erased.
  var isErased = false

  /// The user whose events keep their order with this one; nil for what is not about a user.
  package var user: String? {
    subject.type.utf8.elementsEqual(RecordEvents.user.utf8) ? subject.id : nil
  }

  /// - Parameter isThin: without values: `changed`, `previous`, and everything of the subject but type and id.
  package func json(isThin: Bool = false) -> JSONValue {
    var object: JSONObject = ["id": .string(id.description)]
    if let previousID { object["previousId"] = .string(previousID.description) }
    object["type"] = .string(type.rawValue)
    object["time"] = .string(time)
    object["directory"] = .string(directory)
    object["hash"] = .string(hash)
    if let actor { object["actor"] = actor }
    if let request { object["request"] = .string(request) }
    if let job { object["job"] = .string(job) }
    var about: JSONObject = ["type": .string(subject.type), "id": .string(subject.id)]
    if !isThin { about.members += subject.details.members }
    object["subject"] = .object(about)
    if isErased { object["erased"] = true }
    guard !isThin else { return .object(object) }
    if let changed { object["changed"] = .object(changed) }
    if let previous { object["previous"] = .object(previous) }
    return .object(object)
  }
}
