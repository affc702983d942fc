import Platform
import Storage

/// The effective access of a user as bytes, with the entity tag of them.
package struct RenderedAccess: Sendable {
  package let bytes: [UInt8]
  package let tag: String

  package init(bytes: [UInt8], tag: String) {
    self.bytes = bytes
    self.tag = tag
  }
}
