import Storage

/// The position where the next page of a list begins, as text that callers return unchanged.
enum PageCursor {
  /// `c.` and the numbers in base 36, then the rest.
  static func text(_ numbers: UInt64..., then rest: String = "") -> String {
    (["c"] + numbers.map { String($0, radix: 36) } + (rest.isEmpty ? [] : [rest])).joined(separator: ".")
  }

  /// The number in a cursor that has exactly one; nil without a cursor.
  static func number(_ text: String?) throws(AdminProblem) -> UInt64? {
    guard let text else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "c", let number = UInt64(parts[1], radix: 36) else {
      throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor")
    }
    return number
  }

  /// The name after which a list in order of names continues; nil without a cursor.
  static func name(_ text: String?) throws(AdminProblem) -> String? {
    guard let text else { return nil }
    guard text.hasPrefix("c."), text.utf8.count > 2 else {
      throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor")
    }
    return String(text.dropFirst(2))
  }

  /// The position in a list of deleted resources; nil without a cursor.
  static func deleted(_ text: String?) throws(AdminProblem) -> DeletedPosition? {
    guard let text else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "c", let seq = UInt64(parts[1], radix: 36),
      let id = ResourceID(String(parts[2]))
    else { throw AdminProblem(.invalidCursor, "The cursor does not belong to this list.", at: "?cursor") }
    return DeletedPosition(seq: seq, id: id)
  }
}
