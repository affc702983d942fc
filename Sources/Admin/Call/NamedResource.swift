import Storage

/// What a name came to: the one place that says what an ambiguous name is.
enum NamedResource {
  /// The one resource of those that a name may mean; nil if there is none.
  ///
  /// - Parameter pointer: where the name is in the request.
  static func only(
    _ found: [ResourceOverview], named text: String, at pointer: String? = nil
  ) throws(AdminProblem) -> ResourceOverview? {
    guard found.count > 1 else { return found.first }
    let list = found.prefix(10).map { "\($0.type) \($0.id)\($0.name.map { " (\($0))" } ?? "")" }
    var problem = AdminProblem(
      .ambiguousName,
      "\"\(text.prefix(160))\" means \(found.count) resources: \(list.joined(separator: ", ")).", at: pointer)
    problem.candidates = found.prefix(100).map { .init(id: $0.id, name: $0.name) }
    throw problem
  }
}
