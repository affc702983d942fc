import SCIM

/// What is written of an element of `groups` or `members`.
struct ReferenceParts: OptionSet {
  let rawValue: UInt8

  static let value = ReferenceParts(rawValue: 1)
  static let ref = ReferenceParts(rawValue: 2)
  static let display = ReferenceParts(rawValue: 4)
  static let type = ReferenceParts(rawValue: 8)

  /// What is shown of a group that a user is in.
  static let ofGroup: ReferenceParts = [.value, .ref, .display, .type]
  /// What is shown of a member: its `display` is returned on request only.
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
