import JSON

/// Parses the filter grammar of RFC 7644 figure 1 (errata 4690, 7319, 7322) from bytes.
///
/// Operators and names ignore letter case; `not` wants its parentheses; `attr[...]` does not nest. Two forms that the
/// grammar lacks are taken when `dialect` allows them: `emails[type eq "work"].value eq "x"` and unquoted text.
package struct FilterParser {
  private let bytes: [UInt8]
  private let limits: FilterLimits
  private var dialect: Dialect
  private var position = 0
  private var depth = 0
  private var terms = 0
  private var insideValues = false

  /// Throws 400 invalidFilter that names the offset. `dialect` records the rules that fired.
  package static func parse(
    _ text: String, dialect: inout Dialect, limits: FilterLimits = FilterLimits()
  ) throws(SCIMError) -> FilterExpression {
    var parser = FilterParser(bytes: Array(text.utf8), limits: limits, dialect: dialect)
    guard parser.bytes.count <= limits.maxBytes else {
      throw SCIMError(.filterTooLong, "The filter is longer than \(limits.maxBytes) bytes.")
    }
    parser.skipSpaces()
    guard !parser.atEnd else { throw SCIMError(.filterEmpty, "The filter is empty.") }
    let filter = try parser.disjunction()
    parser.skipSpaces()
    guard parser.atEnd else { throw parser.unexpected("\"and\", \"or\" or the end of the filter") }
    dialect = parser.dialect
    return filter
  }

  private init(bytes: [UInt8], limits: FilterLimits, dialect: Dialect) {
    self.bytes = bytes
    self.limits = limits
    self.dialect = dialect
  }

  // MARK: Grammar, loosest binding first

  /// `FILTER *( "or" FILTER )`.
  private mutating func disjunction() throws(SCIMError) -> FilterExpression {
    var left = try conjunction()
    while takeWord("or") { left = .or(left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(SCIMError) -> FilterExpression {
    var left = try term()
    while takeWord("and") { left = .and(left, try term()) }
    return left
  }

  /// A negation, a group, a value filter or a comparison.
  private mutating func term() throws(SCIMError) -> FilterExpression {
    skipSpaces()
    if takeNot() { return .not(try group()) }
    if peek == UInt8(ascii: "(") { return try group() }
    let path = try attributePath()
    if peek == UInt8(ascii: "[") { return try values(of: path) }
    return try comparison(path)
  }

  /// The filter between parentheses; `position` is at the opening one.
  private mutating func group() throws(SCIMError) -> FilterExpression {
    try enter()
    position += 1
    let inner = try disjunction()
    skipSpaces()
    guard peek == UInt8(ascii: ")") else { throw unexpected("\")\"") }
    position += 1
    depth -= 1
    return inner
  }

  /// The filter between brackets; `position` is at the opening one.
  private mutating func values(of path: String) throws(SCIMError) -> FilterExpression {
    guard !insideValues else { throw fail("brackets cannot be nested") }
    try enter()
    position += 1
    insideValues = true
    let inner = try disjunction()
    insideValues = false
    skipSpaces()
    guard peek == UInt8(ascii: "]") else { throw unexpected("\"]\"") }
    position += 1
    depth -= 1
    guard peek == UInt8(ascii: ".") else { return .values(path: path, inner) }
    position += 1
    guard dialect.allow(.filterOnSelectedValue) else { throw fail("a sub-attribute may not follow \"]\"") }
    return .values(path: path, .and(inner, try comparison(try attributePath())))
  }

  /// The operator and value after an attribute, or `pr`.
  private mutating func comparison(_ path: String) throws(SCIMError) -> FilterExpression {
    terms += 1
    guard terms <= limits.maxTerms else {
      throw fail("more than \(limits.maxTerms) comparisons", .filterTooComplex)
    }
    guard peek == UInt8(ascii: " ") else { throw unexpected("a space and an operator after \"\(path)\"") }
    skipSpaces()
    let word = takeLetters()
    if CaseFolding.sameName(word, "pr") { return .present(path: path) }
    guard let op = FilterExpression.Operator(rawValue: CaseFolding.lowered(word)) else {
      throw fail(
        "\"\(word)\" is not an operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr", .filterOperatorUnknown
      )
    }
    skipSpaces()
    return .compare(path: path, op, try literal())
  }

  // MARK: Tokens

  /// `[URN ":"] name ["." sub]`: letters, digits and `$ - _ . :`.
  private mutating func attributePath() throws(SCIMError) -> String {
    let start = position
    while let byte = peek, FilterParser.isNameByte(byte) { position += 1 }
    guard position > start, let first = bytes[start...].first,
      FilterParser.isLetter(first) || first == UInt8(ascii: "$")
    else {
      position = start
      throw unexpected("an attribute name")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// A JSON string, number, boolean or null; other text only by the dialect `unquotedText`.
  private mutating func literal() throws(SCIMError) -> JSONValue {
    guard let first = peek else { throw unexpected("a value") }
    let start = position
    if first == UInt8(ascii: "\"") {
      position += 1
      while let byte = peek, byte != UInt8(ascii: "\"") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
      guard position < bytes.count else {
        throw fail("the text that begins at byte \(start) has no closing quote", .filterLiteral)
      }
      position += 1
      return try json(start)
    }
    while let byte = peek, byte > UInt8(ascii: " "), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "]") {
      position += 1
    }
    if let value = try? JSONParser.parse(Array(bytes[start..<position])), value.isScalar { return value }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard first != UInt8(ascii: "'"), position > start, dialect.allow(.unquotedText) else {
      position = start
      throw fail("\"\(text)\" is not a value; put text into double quotes", .filterUnquoted)
    }
    return .string(text)
  }

  private func json(_ start: Int) throws(SCIMError) -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(Array(bytes[start..<position]))
    } catch {
      throw SCIMError(.filterLiteral, "The filter's value at byte \(start) is not a JSON string: \(error).")
    }
  }

  private var atEnd: Bool { position >= bytes.count }
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpaces() {
    while peek == UInt8(ascii: " ") { position += 1 }
  }

  private mutating func takeLetters() -> String {
    let start = position
    while let byte = peek, FilterParser.isLetter(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Consumes `word` if it is a separate word.
  private mutating func takeWord(_ word: String) -> Bool {
    let before = position
    skipSpaces()
    if CaseFolding.sameName(takeLetters(), word), peek == UInt8(ascii: " ") || peek == UInt8(ascii: "(") {
      return true
    }
    position = before
    return false
  }

  /// Consumes `not` if a parenthesis follows, so that an attribute can be called so.
  private mutating func takeNot() -> Bool {
    let before = position
    if CaseFolding.sameName(takeLetters(), "not") {
      skipSpaces()
      if peek == UInt8(ascii: "(") { return true }
    }
    position = before
    return false
  }

  /// Counts a level of nesting.
  private mutating func enter() throws(SCIMError) {
    depth += 1
    guard depth <= limits.maxDepth else {
      throw fail("nested deeper than \(limits.maxDepth)", .filterTooComplex)
    }
  }

  /// The error at the current byte.
  private func fail(_ reason: String, _ code: SCIMError.Code = .filterSyntax) -> SCIMError {
    SCIMError(code, "The filter is not valid at byte \(position): \(reason).")
  }

  private func unexpected(_ wanted: String) -> SCIMError {
    fail("expected \(wanted)" + (atEnd ? " but the filter ends" : ""))
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  /// A byte of an attribute path, with the URN.
  static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
  }
}

extension JSONValue {
  /// Neither an array nor an object.
  var isScalar: Bool { arrayValue == nil && objectValue == nil }
}
