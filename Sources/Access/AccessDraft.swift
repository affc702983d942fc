import JSON
package import SCIM
import Storage

/// Changes that are reviewed before they are made: the value of a resource of type Draft.
package struct AccessDraft: Sendable {
  package enum State: String, Sendable, CaseIterable {
    case open, applied
  }

  /// Steps of one draft.
  package static let maxSteps = 2000
  /// Drafts of a directory.
  package static let maxDrafts = 10_000

  package var name: String?
  package var state = State.open
  /// The number under which it was applied, from 1.
  package var revision: Int?
  package let steps: [AccessStep]
  /// What takes an applied one back.
  package var undo: [AccessStep] = []
  /// The revision that it takes back.
  package var undoes: Int?
  package var createdBy: String?
  package var appliedBy: String?
  package var applied: DateTime?

  package init(name: String? = nil, steps: [AccessStep]) {
    self.name = name
    self.steps = steps
  }

  /// Nil if the document is not that of a draft.
  package init?(_ document: Document) {
    let attributes = document.attributes
    guard let state = attributes["state"]?.stringValue.flatMap(State.init),
      let steps = Self.steps(attributes["steps"]), let undo = Self.steps(attributes["undo"])
    else { return nil }
    self.init(name: attributes["name"]?.stringValue, steps: steps)
    self.state = state
    self.undo = undo
    revision = attributes["revision"]?.integerValue.flatMap { Int(exactly: $0) }
    undoes = attributes["undoes"]?.integerValue.flatMap { Int(exactly: $0) }
    createdBy = attributes["createdBy"]?.stringValue
    appliedBy = attributes["appliedBy"]?.stringValue
    applied = attributes["applied"]?.stringValue.flatMap { DateTime($0) }
  }

  private static func steps(_ json: JSONValue?) -> [AccessStep]? {
    var steps: [AccessStep] = []
    for element in json?.arrayValue ?? [] {
      guard let text = element.stringValue, let json = try? JSONParser.parse(Array(text.utf8)),
        let step = try? AccessStep(json: json)
      else { return nil }
      steps.append(step)
    }
    return steps
  }

  private static func texts(_ steps: [AccessStep]) -> JSONValue {
    .array(steps.map { .string(String(decoding: $0.json.serialized(), as: UTF8.self)) })
  }

  package var document: Document {
    var attributes = JSONObject()
    if let name { attributes["name"] = .string(name) }
    attributes["state"] = .string(state.rawValue)
    if let revision { attributes["revision"] = .integer(Int64(revision)) }
    if !steps.isEmpty { attributes["steps"] = Self.texts(steps) }
    if !undo.isEmpty { attributes["undo"] = Self.texts(undo) }
    if let undoes { attributes["undoes"] = .integer(Int64(undoes)) }
    if let createdBy { attributes["createdBy"] = .string(createdBy) }
    if let appliedBy { attributes["appliedBy"] = .string(appliedBy) }
    if let applied { attributes["applied"] = .string(applied.description) }
    return Document(attributes)
  }
}
