import JSON
package import SCIM
package import Storage

/// What a reviewer decided about a grant in a review: the value of a resource of type Decision.
package struct AccessDecision: Sendable {
  package enum Verdict: String, Sendable, CaseIterable {
    case approve, revoke
  }

  package let review: ResourceID
  package let grant: ResourceID
  package let verdict: Verdict
  package var reviewer: String?
  package var comment: String?
  package var decided: DateTime?

  package init(review: ResourceID, grant: ResourceID, verdict: Verdict) {
    self.review = review
    self.grant = grant
    self.verdict = verdict
  }

  /// Nil if the document is not that of a decision.
  package init?(_ document: Document) {
    let attributes = document.attributes
    func id(_ name: String) -> ResourceID? { attributes[name]?.stringValue.flatMap { ResourceID($0) } }
    guard let review = id("review"), let grant = id("grant"),
      let verdict = attributes["decision"]?.stringValue.flatMap(Verdict.init)
    else { return nil }
    self.init(review: review, grant: grant, verdict: verdict)
    reviewer = attributes["reviewer"]?.stringValue
    comment = attributes["comment"]?.stringValue
    decided = attributes["decided"]?.stringValue.flatMap { DateTime($0) }
  }

  /// The same for all decisions about a grant in a review.
  package static func key(_ review: ResourceID, _ grant: ResourceID) -> String {
    "\(review.text) \(grant.text)"
  }

  package var document: Document {
    var attributes: JSONObject = [
      "key": .string(Self.key(review, grant)), "review": .string(review.text), "grant": .string(grant.text),
      "decision": .string(verdict.rawValue),
    ]
    if let reviewer { attributes["reviewer"] = .string(reviewer) }
    if let comment { attributes["comment"] = .string(comment) }
    if let decided { attributes["decided"] = .string(decided.description) }
    return Document(attributes)
  }

  /// Throws if the comment is too long.
  package func check() throws(AccessError) { try AccessNames.check(comment, "/comment") }
}
