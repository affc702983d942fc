package import JSON

/// The input of a filter: the document, and the attributes that are not stored in it.
package protocol FilterSubject {
  /// The value of a top-level attribute (`schema` nil) or of an extension's attribute; nil if it has none.
  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue?
  /// The value of the path's attribute; of a complex one, what the path does not name may be left out.
  func value(of path: AttributePath) -> JSONValue?
  /// The cost of reading that value, in units of a `WorkBudget`.
  func cost(of path: AttributePath) -> Int
  /// The answer to a comparison, a `pr` or a value filter if it is known without making values, such as for a group
  /// with a million members; nil if the values have to be looked at.
  func answer(_ filter: Filter, _ budget: inout WorkBudget) throws(SCIMError) -> Bool?
}

extension FilterSubject {
  package func value(of path: AttributePath) -> JSONValue? {
    path.attribute.flatMap { value(of: $0, in: path.schema) }
  }

  package func cost(of path: AttributePath) -> Int { 1 }

  package func answer(_ filter: Filter, _ budget: inout WorkBudget) throws(SCIMError) -> Bool? { nil }
}
