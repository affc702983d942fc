package import SCIM

extension ResourceCreation {
  /// A resource from a decoded document, such as the result of PATCH operations on an empty one.
  package init(
    _ document: Document, members: [String], as type: ResourceType, _ dialect: Dialect
  ) throws(SCIMError) {
    self.type = type
    self.document = try DocumentRules.checked(DocumentRules.completed(document, type), type)
    self.members = members
    self.dialect = dialect
  }
}
