import SCIM

/// An `Authorization` field taken apart, as bytes of the field.
enum PresentedCredential: Sendable, Equatable {
  /// RFC 6750 §2.1.
  case bearer(ArraySlice<UInt8>)
  /// RFC 7617: user and password.
  case basic(user: ArraySlice<UInt8>, password: ArraySlice<UInt8>)
  /// A value without a scheme.
  case bare(ArraySlice<UInt8>)
  /// The scheme Bearer without what must follow it.
  case malformedBearer
  /// The scheme Basic without what must follow it.
  case malformedBasic
  /// A scheme that the server does not have.
  case unsupported

  /// The name of the scheme has no case (RFC 9110 §11.1).
  init(_ value: ArraySlice<UInt8>) {
    let space = UInt8(ascii: " ")
    let scheme = value.prefix { $0 != space }
    let rest = value.dropFirst(scheme.count).drop { $0 == space }
    if Self.same(scheme, "bearer") {
      self = Self.isToken(rest) ? .bearer(rest) : .malformedBearer
    } else if Self.same(scheme, "basic") {
      guard let decoded = Base64.decoded(rest), let colon = decoded.firstIndex(of: UInt8(ascii: ":")) else {
        self = .malformedBasic
        return
      }
      self = .basic(user: decoded[..<colon], password: decoded[(colon + 1)...])
    } else {
      self = rest.isEmpty ? .bare(scheme) : .unsupported
    }
  }

  /// Whether the scheme is this name, which is given in lower case.
  private static func same(_ scheme: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
    guard scheme.count == name.utf8CodeUnitCount else { return false }
    for (offset, byte) in scheme.enumerated() where byte | 0x20 != name.utf8Start[offset] { return false }
    return true
  }

  /// `b64token` of RFC 6750 §2.1.
  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    while rest.last == UInt8(ascii: "=") { rest.removeLast() }
    return !rest.isEmpty
      && rest.withUnsafeBufferPointer { bytes in
        bytes.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"):
            true
          default: false
          }
        }
      }
  }
}
