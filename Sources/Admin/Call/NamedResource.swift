import Storage

/// The result of looking up a name; the only place that decides when a name is ambiguous.
enum NamedResource {
  /// The only resource that a name matches; nil if none does, and an error with the candidates if several do.
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
