import JSON
package import SCIM
package import Storage

/// Some of the steps of a large draft, or what undoes them: the value of a resource of type DraftPart. Its steps are
/// applied by one record.
package struct DraftPart: Sendable {
  /// Steps of one part: a few milliseconds of the directory's lock.
  package static let maxSteps = 100

  package let draft: ResourceID
  /// From 0.
  package let index: Int
  /// Whether it undoes the part of this index, which is applied then.
  package let isUndo: Bool
  package let steps: [AccessStep]

  package init(_ draft: ResourceID, _ index: Int, isUndo: Bool, _ steps: [AccessStep]) {
    self.draft = draft
    self.index = index
    self.isUndo = isUndo
    self.steps = steps
  }

  /// Nil if the document is not that of a part.
  package init?(_ document: Document) {
    let attributes = document.attributes
    guard let draft = attributes["draft"]?.stringValue.flatMap({ ResourceID($0) }),
      let index = attributes["index"]?.integerValue.flatMap({ Int(exactly: $0) }),
      let key = attributes["key"]?.stringValue, let steps = AccessStep.list(attributes["steps"])
    else { return nil }
    self.init(draft, index, isUndo: key.hasSuffix(Self.undoSuffix), steps)
  }

  private static let undoSuffix = " undo"

  /// The name of a part.
  static func key(_ draft: ResourceID, _ index: Int, isUndo: Bool) -> String {
    "\(draft.text) \(index)" + (isUndo ? undoSuffix : "")
  }

  var document: Document {
    Document([
      "key": .string(Self.key(draft, index, isUndo: isUndo)), "draft": .string(draft.text),
      "index": .integer(Int64(index)), "steps": AccessStep.texts(steps),
    ])
  }
}
