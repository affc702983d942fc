/// Why a text is not the JSON we accept, and where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The rule that was broken.
  package let kind: Kind

  /// The byte, counted from 0, at which the offending character, number, name or escape begins.
  package let offset: Int

  package init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  package var description: String { "\(kind.rawValue) at byte \(offset)" }

  /// The rule that was broken; the raw value is the reader's text.
  package enum Kind: String, Sendable, CaseIterable {
    case unexpectedCharacter = "unexpected character"
    case unexpectedEnd = "unexpected end"
    case trailingCharacters = "characters after the value"
    case byteOrderMark = "byte order mark"
    case leadingZero = "number with a leading zero"
    case numberOutOfRange = "number out of range"
    case invalidEscape = "invalid escape"
    case loneSurrogate = "lone surrogate"
    case invalidUTF8 = "invalid UTF-8"
    case controlCharacter = "unescaped control character"
    case duplicateName = "duplicate member name"
    case tooDeep = "too many levels"
    case tooLong = "text too long"
    case tooManyMembers = "too many members in one object"
    case tooManyElements = "too many elements in one array"
    case tooManyValues = "too many values"
  }
}
