/// All pages of a list.
struct Walk: Sendable {
  enum Method: String, Sendable {
    case startIndex, cursor
  }

  let method: Method
  /// Of the first page.
  let request: CaseRequest
}
