package import JSON

/// One page of a list, read from an answer.
package struct AdminPage<Item: Sendable>: Sendable {
  package let items: [Item]
  /// The cursor of the next page; nil after the last.
  package let next: String?

  package init(
    _ json: JSONValue, _ read: (ObjectReader) throws(AdminProblem) -> Item
  ) throws(AdminProblem) {
    let reader = try ObjectReader(json)
    items = try reader.objects("items", read)
    next = try reader.optionalText("next")
  }
}
