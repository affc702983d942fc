/// An error for a client (RFC 7644 §3.12): an HTTP status, an optional scimType and a text that says what to do.
package struct SCIMError: Error, Sendable, Equatable {
  /// The `scimType` detail keywords of RFC 7644 table 9 and RFC 9865 table 3.
  package enum Kind: String, Sendable {
    case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget
    case invalidValue, invalidVers, sensitive
    case invalidCursor, expiredCursor, invalidCount
  }

  /// The kinds of refusals, for code that knows nothing of HTTP.
  package enum Obstacle: Sendable {
    /// The caller may not do that.
    case forbidden
    case missing
    /// It conflicts with the current state.
    case conflict
    /// The caller's version of the resource is out of date.
    case stale
    case tooLarge
    /// The disk or the directory is full.
    case full
    /// It can be done later.
    case unavailable

    /// RFC 7644 table 8, RFC 9110 §15, RFC 4918 §11.5.
    var status: Int {
      switch self {
      case .forbidden: 403
      case .missing: 404
      case .conflict: 409
      case .stale: 412
      case .tooLarge: 413
      case .unavailable: 503
      case .full: 507
      }
    }
  }

  package let status: Int
  package let kind: Kind?
  package var detail: String
  /// The attribute of the resource that it is about, as in `name.givenName`; nil if it is about none.
  package private(set) var attribute: String?
  /// The place of the operation that it is about, from 0; nil if the request has none.
  package private(set) var operation: Int?
  /// A limit that an administrator has set, and can change.
  package let isQuota: Bool

  package init(status: Int, kind: Kind? = nil, detail: String, isQuota: Bool = false) {
    self.status = status
    self.kind = kind
    self.detail = detail
    self.isQuota = isQuota
  }

  package init(_ obstacle: Obstacle, kind: Kind? = nil, detail: String, isQuota: Bool = false) {
    self.init(status: obstacle.status, kind: kind, detail: detail, isQuota: isQuota)
  }

  /// A 400 with its scimType.
  package static func bad(_ kind: Kind, _ detail: String) -> SCIMError {
    SCIMError(status: 400, kind: kind, detail: detail)
  }

  /// The same, about one attribute.
  package static func bad(_ kind: Kind, on attribute: String, _ detail: String) -> SCIMError {
    var error = bad(kind, detail)
    error.attribute = attribute
    return error
  }

  /// A 409 for a value that another resource of the type already has.
  package static func uniqueness(_ attribute: String) -> SCIMError {
    var error = SCIMError(
      status: 409, kind: .uniqueness,
      detail: "Another resource already has this \(attribute). Choose another value or update that resource.")
    error.attribute = attribute
    return error
  }

  /// A 404; the same text for an id that never existed, was deleted, or belongs to somebody else.
  package static func notFound(_ what: String) -> SCIMError {
    SCIMError(status: 404, detail: "\(what) was not found.")
  }

  /// The same error in an operation of a request, from 0; the text counts from 1.
  package func at(operation index: Int) -> SCIMError {
    var error = self
    error.operation = index
    error.detail = "Operation \(index + 1): \(detail)"
    return error
  }
}
