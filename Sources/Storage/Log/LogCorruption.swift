/// Damage that must not be ignored: file, offset and reason.
package struct LogCorruption: Error, Sendable, Equatable, CustomStringConvertible {
  package let file: String
  /// Bytes from the start of the file to the damaged line.
  package let offset: Int
  package let reason: String

  package init(file: String, offset: Int, reason: String) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }

  package var description: String {
    "\(file), offset \(offset): \(reason). Nothing was changed. Restore the folder from a backup; without one, `scimd "
      + "store repair` shows what can be saved"
  }
}
