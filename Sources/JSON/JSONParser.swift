/// The strict reader of RFC 8259 texts.
///
/// Refused beyond the grammar: repeated names, lone surrogates, ill-formed UTF-8, a byte order mark,
/// numbers that a double cannot hold, and whatever exceeds the limits.
package enum JSONParser {
  /// The one value in these bytes; throws the first broken rule and its byte offset.
  package static func parse(
    _ bytes: [UInt8], limits: JSONLimits = .default
  ) throws(JSONError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
      try parse(UnsafeRawBufferPointer(buffer), limits: limits)
    }
  }

  /// The one value in this slice; the offset of an error counts from the slice's own start.
  package static func parse(
    _ bytes: ArraySlice<UInt8>, limits: JSONLimits = .default
  ) throws(JSONError) -> JSONValue {
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
      try parse(UnsafeRawBufferPointer(buffer), limits: limits)
    }
  }

  /// The only value in this memory, which is not retained.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.maxBytes else { throw JSONError(.tooLong, at: limits.maxBytes) }
    var reader = JSONReader(bytes, limits: limits)
    return try reader.document()
  }
}
