import JSON

/// What texts may be names, and how long other texts may be.
enum AccessNames {
  static let maxNameBytes = 128
  static let maxTextBytes = 1000
  static let maxTargetBytes = 256
  static let maxPermissions = 500

  /// Letters, digits and . _ - of ASCII.
  static func isName(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.count <= maxNameBytes && text.utf8.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
  }

  /// `noun:verb`.
  static func isPermission(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { isName($0) }
  }

  /// Visible, without spaces at its ends.
  static func isTargetValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= maxTargetBytes && text.utf8.first != UInt8(ascii: " ")
      && text.utf8.last != UInt8(ascii: " ")
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }

  /// The order of the bytes: Swift's own is no order where composed and decomposed letters meet.
  static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  /// Throws if a text for people is too long.
  static func check(_ text: String?, _ pointer: String) throws(AccessError) {
    guard let text else { return }
    guard text.utf8.count <= maxTextBytes else {
      throw AccessError(pointer, "is longer than \(maxTextBytes) bytes")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F || $0.value == 0x0A }) else {
      throw AccessError(pointer, "must not have control characters")
    }
  }
}
