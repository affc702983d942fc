package import SCIM

/// Where a page of a walk by cursor begins.
package enum CursorStart: Sendable {
  case first
  /// Behind the last resource of the page before.
  case after(CursorPosition)

  var position: CursorPosition? {
    switch self {
    case .first: nil
    case .after(let position): position
    }
  }
}
