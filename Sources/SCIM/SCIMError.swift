/// An error for a client (RFC 7644 §3.12): a code, from which its HTTP status and scimType follow, and a text that says
/// what to do.
package struct SCIMError: Error, Sendable, Equatable {
  /// The `scimType` detail keywords of RFC 7644 table 9 and RFC 9865 table 3.
  package enum Kind: String, Sendable {
    case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget
    case invalidValue, invalidVers, sensitive
    case invalidCursor, expiredCursor, invalidCount
  }

  package let code: Code
  package var detail: String
  /// The attribute of the resource that it is about, as in `name.givenName`; nil if it is about none.
  package let attribute: String?
  /// The place of the operation that it is about, from 0; nil if the request has none.
  package private(set) var operation: Int?

  package init(_ code: Code, on attribute: String? = nil, _ detail: String) {
    self.code = code
    self.attribute = attribute
    self.detail = detail
  }

  package var status: Int { code.status }
  package var kind: Kind? { code.kind }

  /// A 409 for a value that another resource of the type already has.
  package static func uniqueness(_ attribute: String) -> SCIMError {
    SCIMError(
      .notUnique, on: attribute,
      "Another resource already has this \(attribute). Choose another value or update that resource.")
  }

  /// A 404; the same text for an id that never existed, was deleted, or belongs to somebody else.
  package static func notFound(_ what: String) -> SCIMError {
    SCIMError(.unknownResource, "\(what) was not found.")
  }

  /// The same error in an operation of a request, from 0; the text counts from 1.
  package func at(operation index: Int) -> SCIMError {
    var error = self
    error.operation = index
    error.detail = "Operation \(index + 1): \(detail)"
    return error
  }
}
