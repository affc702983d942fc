package import JSON

/// The result of one check of the doctor.
package struct CheckReport: Sendable {
  package enum State: String, Sendable, CaseIterable {
    case ok
    /// Works, but is likely to cause trouble.
    case warning
    /// Somebody's access is wrong or will be soon.
    case failed
    /// Could not be checked here.
    case skipped
  }

  package let name: String
  package let state: State
  /// What was seen.
  package let detail: String
  /// What to do; nil if there is nothing to do.
  package let fix: String?

  package var json: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "state": .string(state.rawValue), "detail": .string(detail),
    ]
    if let fix { object["fix"] = .string(fix) }
    return .object(object)
  }

  init(_ name: String, _ finding: DoctorFinding) {
    self.name = name
    switch finding {
    case .ok(let text): (state, detail, fix) = (.ok, text, nil)
    case .warning(let text, let advice): (state, detail, fix) = (.warning, text, advice)
    case .failed(let text, let advice): (state, detail, fix) = (.failed, text, advice)
    case .skipped(let text): (state, detail, fix) = (.skipped, text, nil)
    }
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    name = try reader.text("name")
    state = State(rawValue: try reader.text("state")) ?? .failed
    detail = try reader.text("detail")
    fix = try reader.optionalText("fix")
  }

  static let schema = AdminSchema.object([
    .init("name", .text), .init("state", .choice(State.allCases.map(\.rawValue))), .init("detail", .text),
    .init("fix", .text, optional: true),
  ])
}
