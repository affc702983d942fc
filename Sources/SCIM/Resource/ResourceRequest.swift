/// What a POST or PUT body comes to.
package struct ResourceRequest: Sendable {
  package var document: Document
  /// The ids in a group's `members`; nil where the body has none.
  package var members: [String]?
}
