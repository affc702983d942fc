import JSON
import SCIM

// What the tests of rules ask for: as if no work were too much.

extension Filter {
  func matches(_ subject: some FilterSubject) throws(SCIMError) -> Bool {
    var budget = WorkBudget(.none, for: .query)
    return try matches(subject, &budget)
  }

  func matches(element: JSONValue) throws(SCIMError) -> Bool {
    var budget = WorkBudget(.none, for: .query)
    return try matches(element: element, &budget)
  }
}

extension PatchRequest {
  func apply(to document: Document) throws(SCIMError) -> PatchOutcome {
    var budget = WorkBudget(.none, for: .change)
    return try apply(to: document, &budget)
  }
}
