import JSON
package import SCIM
package import Storage

/// Changes that are reviewed before they are made: the value of a resource of type Draft.
package struct AccessDraft: Sendable {
  package enum State: String, Sendable, CaseIterable {
    /// Of a large one that is still being written.
    case preparing
    case open
    /// Of a large one that a job applies: nothing of it holds yet.
    case applying
    case applied
  }

  /// Steps of a draft that is applied as one record: with the draft itself, those are 2,000 resources. One with more steps
  /// is large.
  package static let maxSteps = 1999
  /// Steps of a large draft, which a job applies.
  package static let maxLargeSteps = 100_000
  /// Drafts of a directory.
  package static let maxDrafts = 10_000

  package var name: String?
  package var state = State.open
  /// The number under which it was applied, from 1.
  package var revision: Int?
  /// Empty for a large one, whose steps are kept in parts.
  package let steps: [AccessStep]
  /// How many parts a large one has; 0 for a small one.
  package private(set) var parts = 0
  /// Whether the parts of an applied one are gone, so that it cannot be rolled back.
  package var isForgotten = false
  /// How many steps it has.
  package private(set) var count: Int
  /// The job that applies it, or did so.
  package var job: ResourceID?
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
    count = steps.count
  }

  /// The same with its steps in parts.
  func inParts(_ parts: Int, of count: Int) -> AccessDraft {
    var draft = AccessDraft(name: name, steps: [])
    (draft.undoes, draft.createdBy) = (undoes, createdBy)
    (draft.parts, draft.count) = (parts, count)
    return draft
  }

  package var isLarge: Bool { parts > 0 }

  /// Nil if the document is not that of a draft.
  package init?(_ document: Document) {
    let attributes = document.attributes
    guard let state = attributes["state"]?.stringValue.flatMap(State.init),
      let steps = AccessStep.list(attributes["steps"]), let undo = AccessStep.list(attributes["undo"])
    else { return nil }
    self.init(name: attributes["name"]?.stringValue, steps: steps)
    self.state = state
    self.undo = undo
    func integer(_ name: String) -> Int? { attributes[name]?.integerValue.flatMap { Int(exactly: $0) } }
    revision = integer("revision")
    undoes = integer("undoes")
    parts = integer("parts") ?? 0
    isForgotten = attributes["forgotten"]?.boolValue ?? false
    count = integer("changes") ?? steps.count
    job = attributes["job"]?.stringValue.flatMap { ResourceID($0) }
    createdBy = attributes["createdBy"]?.stringValue
    appliedBy = attributes["appliedBy"]?.stringValue
    applied = attributes["applied"]?.stringValue.flatMap { DateTime($0) }
  }

  package var document: Document {
    var attributes = JSONObject()
    if let name { attributes["name"] = .string(name) }
    attributes["state"] = .string(state.rawValue)
    if let revision { attributes["revision"] = .integer(Int64(revision)) }
    if !steps.isEmpty { attributes["steps"] = AccessStep.texts(steps) }
    if !undo.isEmpty { attributes["undo"] = AccessStep.texts(undo) }
    if isLarge {
      attributes["changes"] = .integer(Int64(count))
      attributes["parts"] = .integer(Int64(parts))
      if isForgotten { attributes["forgotten"] = true }
    }
    if let job { attributes["job"] = .string(job.text) }
    if let undoes { attributes["undoes"] = .integer(Int64(undoes)) }
    if let createdBy { attributes["createdBy"] = .string(createdBy) }
    if let appliedBy { attributes["appliedBy"] = .string(appliedBy) }
    if let applied { attributes["applied"] = .string(applied.description) }
    return Document(attributes)
  }
}
