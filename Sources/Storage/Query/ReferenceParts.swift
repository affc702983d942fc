import SCIM

/// The parts of an element of `groups` or `members` that are written.
struct ReferenceParts: OptionSet {
  let rawValue: UInt8

  static let value = ReferenceParts(rawValue: 1)
  static let ref = ReferenceParts(rawValue: 2)
  static let display = ReferenceParts(rawValue: 4)
  static let type = ReferenceParts(rawValue: 8)

  /// The representation of a group in a user's `groups`.
  static let ofGroup: ReferenceParts = [.value, .ref, .display, .type]
  /// The representation of a member; `display` is returned only on request.
  static let ofMember: ReferenceParts = [.value, .ref, .type]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Under a projection.
  init(_ projection: Projection, _ attribute: String) {
    self = []
    for name in projection.shownParts(of: attribute) {
      switch name {
      case "value": insert(.value)
      case "$ref": insert(.ref)
      case "display": insert(.display)
      case "type": insert(.type)
      default: break
      }
    }
  }
}
