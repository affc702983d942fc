import Insight
package import JSON
package import SCIM

/// A code in the catalogue of errors: of SCIM, of the admin API, or of both.
package struct CatalogueEntry: Sendable {
  package let code: String
  package let status: Int
  private let explanation: ErrorExplanation?
  /// Nil for a code of SCIM only.
  private let problem: ProblemCode.Meaning?

  private init(_ code: String, _ status: Int) {
    self.code = code
    self.status = status
    explanation = ErrorExplanation.named(code)
    problem = ProblemCode(rawValue: code)?.meaning
  }

  /// Each code once: first those of SCIM, then those that only the admin API has.
  package static let all: [CatalogueEntry] =
    SCIMError.Code.allCases.map { CatalogueEntry($0.rawValue, $0.status) }
    + ProblemCode.allCases.filter { !isOfSCIM($0) }
    .map { CatalogueEntry($0.rawValue, $0.status) }

  private static func isOfSCIM(_ code: ProblemCode) -> Bool {
    if case .some = SCIMError.Code(rawValue: code.rawValue) { true } else { false }
  }

  /// Nil if no such code exists.
  package static func named(_ code: String) -> CatalogueEntry? {
    if let known = SCIMError.Code(rawValue: code) { return CatalogueEntry(code, known.status) }
    return ProblemCode(rawValue: code).map { CatalogueEntry(code, $0.status) }
  }

  /// Whether clients of SCIM see it; otherwise only those of the admin API do.
  package var isOfSCIM: Bool { if case .some = explanation { true } else { false } }

  /// What the code means, without a full stop.
  package var title: String {
    if let problem { return problem.title }
    let cause = explanation?.cause ?? ""
    return cause.hasSuffix(".") ? String(cause.dropLast()) : cause
  }

  /// Why such a request is refused, in a sentence.
  package var cause: String { explanation?.cause ?? "\(problem?.title ?? "")." }

  /// What to do, in the words of a provider if it is an error of SCIM.
  package func fix(at provider: Profile = .generic) -> String {
    explanation?.remedy(at: provider) ?? problem?.fix ?? ""
  }

  /// The section that the refusal follows; nil for a code of the admin API only.
  package var reference: String? { explanation?.reference }
  package var scimType: String? { explanation?.code.kind?.rawValue }

  /// The entry in a list.
  package var json: JSONValue {
    var object: JSONObject = [
      "code": .string(code), "status": .integer(Int64(status)), "title": .string(title),
      "cause": .string(cause), "fix": .string(fix()),
    ]
    object["scimType"] = scimType.map { .string($0) }
    object["reference"] = reference.map { .string($0) }
    return .object(object)
  }

  /// The entry with what to do at one provider.
  package func json(at provider: Profile) -> JSONValue {
    var object = json.objectValue ?? JSONObject()
    object["provider"] = .string(provider.name)
    object["fix"] = .string(fix(at: provider))
    return .object(object)
  }

  /// The entry with what to do at each provider.
  package var whole: JSONValue {
    var object = json.objectValue ?? JSONObject()
    if isOfSCIM {
      object["providers"] = .object(
        JSONObject(Profile.all.map { .init(name: $0.name, value: .string(fix(at: $0))) }))
    }
    return .object(object)
  }

  static let schema = AdminSchema.object([
    .init("code", .text), .init("status", .integer), .init("title", .text), .init("cause", .text),
    .init("fix", .text), .init("scimType", .text, optional: true),
    .init("reference", .text, optional: true), .init("providers", .any, optional: true),
  ])
}
