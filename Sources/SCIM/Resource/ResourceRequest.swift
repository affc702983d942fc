/// A decoded POST or PUT body.
package struct ResourceRequest: Sendable {
  package var document: Document
  /// The ids in a group's `members`; nil if the body has none.
  package var members: [String]?
}
