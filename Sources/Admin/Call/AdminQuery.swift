import HTTP

/// The parameters of one request, checked against those of its route.
struct AdminQuery: Sendable {
  private let parameters: [AdminParameter]
  private var values: [String: String] = [:]

  /// Throws for a parameter that is unknown, repeated, invalid, or required and missing.
  init(_ bytes: ArraySlice<UInt8>?, _ parameters: [AdminParameter]) throws(AdminProblem) {
    self.parameters = parameters
    let query: Query
    do throws(PercentDecodingError) { query = try Query(bytes) } catch {
      throw AdminProblem(.malformedQuery, "The query is not percent-encoded UTF-8.")
    }
    for given in query.parameters {
      guard let parameter = parameters.first(where: { $0.name.utf8.elementsEqual(given.name.utf8) }) else {
        let known = parameters.map(\.name).joined(separator: ", ")
        throw AdminProblem(
          .unknownParameter, "\"\(given.name.prefix(64))\" is not a parameter of this request.",
          at: "?\(given.name.prefix(64))",
          fix: known.isEmpty ? "This request takes no parameters." : "Parameters are: \(known).")
      }
      guard values[parameter.name] == nil else {
        throw Self.invalid(parameter, "is given twice")
      }
      values[parameter.name] = try Self.checked(given.value ?? "", parameter)
    }
    for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
      throw Self.invalid(parameter, "is required")
    }
  }

  private static func invalid(_ parameter: AdminParameter, _ reason: String) -> AdminProblem {
    AdminProblem(.invalidParameter, "\(parameter.name) \(reason).", at: "?\(parameter.name)")
  }

  /// The text, if it is a value that the parameter can have.
  private static func checked(_ text: String, _ parameter: AdminParameter) throws(AdminProblem) -> String {
    switch parameter.kind {
    case .text(let maxBytes):
      guard text.utf8.count <= maxBytes else { throw invalid(parameter, "is longer than \(maxBytes) bytes") }
    case .integer(let range, _):
      guard let number = Int(text), range.contains(number) else {
        throw invalid(parameter, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .flag:
      guard text == "true" || text == "false" else { throw invalid(parameter, "must be true or false") }
    case .choice(let values):
      guard values.contains(text) else {
        throw invalid(parameter, "must be one of \(values.joined(separator: ", "))")
      }
    }
    return text
  }

  /// Nil if the parameter is absent.
  subscript(name: String) -> String? {
    precondition(parameters.contains { $0.name == name }, "a handler reads only parameters of its route")
    return values[name]
  }

  func has(_ name: String) -> Bool { self[name] == "true" }

  /// The value, or the parameter's default.
  func integer(_ name: String) -> Int {
    if let number = self[name].flatMap({ Int($0) }) { return number }
    for parameter in parameters where parameter.name == name {
      if case .integer(_, let fallback) = parameter.kind { return fallback }
    }
    preconditionFailure("an integer parameter has a fallback")
  }
}
