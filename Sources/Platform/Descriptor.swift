import Glibc

/// Owns one file descriptor and closes it exactly once, when the last reference goes.
package final class Descriptor: Sendable {
  package let number: CInt

  package init(owning number: CInt) {
    self.number = number
  }

  deinit {
    close(number)
  }
}
