/// An escape that is not `%` and two hexadecimal digits, or whose bytes are not text.
package enum PercentDecodingError: Error, Sendable, Equatable {
  case malformedEscape
  case invalidUTF8
  case containsNUL
}
