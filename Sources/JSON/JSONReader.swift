/// One pass over a text: `at` is the next byte to read, and never exceeds `bytes.count`.
struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  let limits: JSONLimits
  var at = 0
  /// Members and elements read so far, of the whole text.
  var values = 0

  init(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// The only value of the text; throws for anything after it except white space.
  mutating func document() throws(JSONError) -> JSONValue {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw JSONError(.byteOrderMark, at: 0)
    }
    let result = try value(depth: 0)
    skipWhitespace()
    guard at == bytes.count else { throw JSONError(.trailingCharacters, at: at) }
    return result
  }

  /// One value; `depth` counts the objects and arrays around it.
  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    switch try nextSignificant() {
    case UInt8(ascii: "\""):
      at += 1
      return .string(try string())
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"):
      try literal("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try literal("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try literal("null")
      return .null
    default: throw JSONError(.unexpectedCharacter, at: at)
    }
  }

  /// The object whose opening brace is the next byte.
  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    guard depth <= limits.maxDepth else { throw JSONError(.tooDeep, at: at) }
    at += 1
    var names = NameSet()
    if try nextSignificant() == UInt8(ascii: "}") {
      at += 1
      return JSONObject()
    }
    var members: [JSONObject.Member] = []
    members.reserveCapacity(4)
    while true {
      guard try nextSignificant() == UInt8(ascii: "\"") else {
        throw JSONError(.unexpectedCharacter, at: at)
      }
      let start = at
      try count(members.count + 1, of: limits.maxMembers, .tooManyMembers)
      at += 1
      let name = try string()
      guard names.insert(name, after: members) else { throw JSONError(.duplicateName, at: start) }
      guard try nextSignificant() == UInt8(ascii: ":") else {
        throw JSONError(.unexpectedCharacter, at: at)
      }
      at += 1
      members.append(JSONObject.Member(name: name, value: try value(depth: depth)))
      guard try another(before: UInt8(ascii: "}")) else { return JSONObject(members) }
    }
  }

  /// The array whose opening bracket is the next byte.
  private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth <= limits.maxDepth else { throw JSONError(.tooDeep, at: at) }
    at += 1
    var elements: [JSONValue] = []
    if try nextSignificant() == UInt8(ascii: "]") {
      at += 1
      return elements
    }
    while true {
      _ = try nextSignificant()
      try count(elements.count + 1, of: limits.maxElements, .tooManyElements)
      elements.append(try value(depth: depth))
      guard try another(before: UInt8(ascii: "]")) else { return elements }
    }
  }

  /// Steps over a comma (true) or over the closing bracket (false).
  private mutating func another(before close: UInt8) throws(JSONError) -> Bool {
    let byte = try nextSignificant()
    guard byte == UInt8(ascii: ",") || byte == close else { throw JSONError(.unexpectedCharacter, at: at) }
    at += 1
    return byte != close
  }

  /// Counts a member or element; throws if its object or array, or the whole text, has too many.
  private mutating func count(
    _ number: Int, of limit: Int, _ kind: JSONError.Kind
  ) throws(JSONError) {
    values += 1
    guard number <= limit else { throw JSONError(kind, at: at) }
    guard values <= limits.maxValues else { throw JSONError(.tooManyValues, at: at) }
  }

  /// Steps over one of the words `true`, `false` and `null`.
  private mutating func literal(_ text: StaticString) throws(JSONError) {
    for index in 0..<text.utf8CodeUnitCount {
      guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
      guard bytes[at] == text.utf8Start[index] else { throw JSONError(.unexpectedCharacter, at: at) }
      at += 1
    }
  }

  @inline(__always)
  private mutating func skipWhitespace() {
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): at += 1
      default: return
      }
    }
  }

  /// The first byte that is not whitespace; it is not consumed.
  @inline(__always)
  private mutating func nextSignificant() throws(JSONError) -> UInt8 {
    skipWhitespace()
    guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
    return bytes[at]
  }
}

/// Finds a repeated name: by looking at each of a few members, by a set of the bytes once there are many.
private struct NameSet {
  private static let few = 16
  private var seen: Set<ByteString> = []

  /// False when the name is already among the members.
  mutating func insert(_ name: String, after members: [JSONObject.Member]) -> Bool {
    if members.count < Self.few {
      for member in members where member.name.hasSameBytes(as: name) { return false }
      return true
    }
    if seen.isEmpty { for member in members { seen.insert(ByteString(member.name)) } }
    return seen.insert(ByteString(name)).inserted
  }
}
