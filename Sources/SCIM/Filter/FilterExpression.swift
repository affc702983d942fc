package import JSON

/// A filter as it was written (RFC 7644 §3.4.2.2), names not yet looked up in a schema.
package indirect enum FilterExpression: Sendable, Equatable {
  case and(FilterExpression, FilterExpression)
  case or(FilterExpression, FilterExpression)
  case not(FilterExpression)
  case present(path: String)
  case compare(path: String, Operator, JSONValue)
  /// `path[filter]`: one value must satisfy the whole inner filter.
  case values(path: String, FilterExpression)

  /// The comparison operators of RFC 7644 table 3; `pr` is its own case.
  package enum Operator: String, Sendable, CaseIterable {
    case eq, ne, co, sw, ew, gt, ge, lt, le
  }
}

extension FilterExpression: CustomStringConvertible {
  /// The filter in its shortest unambiguous notation; parsing it gives the same expression.
  package var description: String {
    switch self {
    case .and(let a, let b): "\(a.operand(in: 2)) and \(b.operand(in: 2, right: true))"
    case .or(let a, let b): "\(a.operand(in: 1)) or \(b.operand(in: 1, right: true))"
    case .not(let a): "not (\(a))"
    case .present(let path): "\(path) pr"
    case .compare(let path, let op, let value):
      "\(path) \(op.rawValue) \(value.serializedText)"
    case .values(let path, let inner): "\(path)[\(inner)]"
    }
  }

  /// `and` binds more tightly than `or` (RFC 7644 §3.4.2.2).
  private var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    default: 3
    }
  }

  /// In parentheses if the grammar would bind it differently.
  private func operand(in outer: Int, right: Bool = false) -> String {
    precedence < outer || (right && precedence == outer) ? "(\(self))" : description
  }
}
