import Credentials
package import HTTP
package import SCIM
package import Storage

// The only place that turns errors of the layers below into problems.
extension AdminProblem {
  /// - Parameter hasOperations: whether the body is PATCH operations, in which an attribute has no pointer.
  package init(_ error: SCIMError, hasOperations: Bool = false) {
    let operation = error.operation.map { "/Operations/\($0)" }
    self.init(
      Self.code(of: error), error.detail,
      at: operation ?? (hasOperations ? nil : error.attribute.map(Self.pointer)))
  }

  /// The JSON pointer (RFC 6901) of an attribute in a resource: `urn:...:User:department` is below its schema.
  private static func pointer(to attribute: String) -> String {
    var bytes = Array(attribute.utf8)
    let schema = bytes.starts(with: "urn:".utf8) ? bytes.lastIndex(of: UInt8(ascii: ":")) : nil
    if let schema { bytes[schema] = UInt8(ascii: "/") }
    for index in bytes.indices.dropFirst(schema ?? 0) where bytes[index] == UInt8(ascii: ".") {
      bytes[index] = UInt8(ascii: "/")
    }
    return "/" + String(decoding: bytes, as: UTF8.self)
  }

  /// The code of the same name if both have it, otherwise the one for its `scimType` or its status.
  private static func code(of error: SCIMError) -> ProblemCode {
    if let code = ProblemCode(rawValue: error.code.rawValue) { return code }
    if let kind = error.kind { return code(of: kind) }
    switch error.status {
    case 400: return .invalidSyntax
    case 403: return .managedElsewhere
    case 409: return .conflict
    case 412: return .changedMeanwhile
    case 413: return .contentTooLarge
    case 501: return .notSupported
    default: return .internalError
    }
  }

  private static func code(of kind: SCIMError.Kind) -> ProblemCode {
    switch kind {
    case .invalidFilter: .invalidFilter
    case .tooMany: .tooMany
    case .uniqueness: .notUnique
    case .mutability: .notChangeable
    case .invalidSyntax, .invalidVers: .invalidSyntax
    case .invalidPath: .invalidPath
    case .noTarget: .noTarget
    case .invalidValue: .invalidValue
    case .sensitive: .secretAttribute
    case .invalidCursor, .expiredCursor: .invalidCursor
    case .invalidCount: .invalidParameter
    }
  }

  package init(_ error: HTTPError) { self.init(status: error.status.rawValue, error.detail) }

  /// An error of the HTTP layer, by its status; also one that a SCIM listener rendered.
  package init(status: Int, _ detail: String) {
    let code: ProblemCode =
      switch status {
      case 408: .requestTimeout
      case 413: .contentTooLarge
      case 414, 431: .requestTooLarge
      case 417: .expectationFailed
      case 501, 505: .notSupported
      case 503: .busy
      default: .malformedRequest
      }
    self.init(code, detail)
  }

  package init(_ error: LogError) {
    switch error {
    case .corrupt, .newerFormat: self.init(.dataDamaged, "\(error)")
    case .system: self.init(.internalError, "\(error)")
    }
  }

  package init(_ error: StoreError) {
    switch error {
    case .log(let error): self.init(error)
    case .folder(.invalidName): self.init(.invalidParameter, "\(error)")
    case .folder, .journal: self.init(.internalError, "\(error)")
    case .schemas: self.init(.dataDamaged, "\(error)")
    case .refused(_, let refusal): self.init(refusal)
    }
  }

  /// A key file that does not fit the folder is a conflict; it is for the administrator of the machine to solve.
  package init(_ error: MasterKeyError) {
    switch error {
    case .refused(let refusal): self.init(refusal)
    case .system: self.init(error.isAboutSpace ? .diskFull : .internalError, "\(error)")
    case .changing: self.init(.stillRunning, "\(error)")
    case .malformed, .missing, .another:
      self.init(
        .conflict, "\(error).",
        fix: "Put the right file in its place, or stop the server and run `scimd secret adopt`.")
    }
  }

  init(_ error: MemberError) {
    self.init(.invalidMember, error.description, at: "/\(error.member)")
  }
}
