/// Something that was mended or passed over while reading, for the operator to know.
package struct LogWarning: Sendable, Equatable, CustomStringConvertible {
  package let file: String
  package let offset: Int
  package let message: String

  package var description: String { "\(file), offset \(offset): \(message)" }
}
