/// Request line and header fields of one request: the bytes are kept once, everything else is a range.
package struct HTTPRequestHead: Sendable {
  /// The ranges of a field's name and value in the bytes of the head.
  struct Field: Sendable {
    let nameStart: UInt32
    let nameEnd: UInt32
    let valueStart: UInt32
    let valueEnd: UInt32
  }

  /// The consequences of the head for the connection.
  struct Framing: Sendable {
    var contentLength: Int?
    var isChunked = false
    var expectsContinue = false
    var asksToClose = false
    var asksToKeepAlive = false
    var minorVersion: UInt8 = 1
  }

  /// The request line: ranges into the bytes of the head.
  struct Line: Sendable {
    var method = HTTPMethod.get
    var target = 0..<0
    var path = 0..<0
    var query: Range<Int>?
    var authority: Range<Int>?
  }

  final class Storage: Sendable {
    let bytes: [UInt8]
    let fields: [Field]
    let line: Line
    let framing: Framing

    init(bytes: [UInt8], fields: [Field], line: Line, framing: Framing) {
      self.bytes = bytes
      self.fields = fields
      self.line = line
      self.framing = framing
    }
  }

  let storage: Storage

  /// The subject of the certificate that the client presented, "CN=okta,O=Example" (RFC 4514): of its connection, not of
  /// its bytes. Nil without one.
  package internal(set) var clientCertificate: String?

  /// Parses a head given as text, for callers that have no connection; field order is kept.
  package init(method: String, target: String, fields: [(String, String)] = []) throws(HTTPError) {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    for (name, value) in fields { text += "\(name): \(value)\r\n" }
    if !fields.contains(where: { $0.0 == "Host" }) { text += "Host: localhost\r\n" }
    text += "\r\n"
    var builder = HeadParser()
    let parsed: Result<Storage?, HTTPError> = Array(text.utf8).withUnsafeBufferPointer { bytes in
      do throws(HTTPError) {
        guard let end = try builder.advance(bytes, limits: .default) else { return .success(nil) }
        return .success(try builder.finish(bytes.part(0, end), limits: .default))
      } catch {
        return .failure(error)
      }
    }
    guard let storage = try parsed.get() else { throw .malformedField }
    self.storage = storage
  }

  init(storage: Storage) {
    self.storage = storage
  }

  package var method: HTTPMethod { storage.line.method }

  /// The target as it was sent.
  package var target: ArraySlice<UInt8> { storage.bytes[storage.line.target] }

  /// The path, still percent-encoded; of an absolute-form target too, and `*` for `OPTIONS *`.
  package var path: ArraySlice<UInt8> {
    storage.line.path.isEmpty ? Self.root[...] : storage.bytes[storage.line.path]
  }

  /// The part after the first `?`, still percent-encoded.
  package var query: ArraySlice<UInt8>? {
    storage.line.query.map { storage.bytes[$0] }
  }

  /// `host[:port]` of an absolute-form target, or of the Host field (RFC 9112 §3.2.2).
  package var authority: String? {
    storage.line.authority.map { String(decoding: storage.bytes[$0], as: UTF8.self) }
  }

  /// The declared length of the body, nil when chunked or absent.
  package var contentLength: Int? { storage.framing.contentLength }

  /// Whether body bytes follow the head.
  package var hasBody: Bool { storage.framing.isChunked || (storage.framing.contentLength ?? 0) > 0 }

  /// Whether the request came as HTTP/1.0: no chunked coding, no interim responses.
  package var isHTTP10: Bool { storage.framing.minorVersion == 0 }

  /// Whether the peer wants the connection closed after the response (RFC 9112 §9.3).
  package var asksToClose: Bool {
    storage.framing.asksToClose || isHTTP10 && !storage.framing.asksToKeepAlive
  }

  /// The value of the first field of that name, surrounding white space removed.
  package subscript(name: FieldName) -> ArraySlice<UInt8>? {
    for field in storage.fields where matches(field, name) { return value(of: field) }
    return nil
  }

  /// The values of all the fields of that name, in order.
  package func values(of name: FieldName) -> [ArraySlice<UInt8>] {
    storage.fields.filter { matches($0, name) }.map(value(of:))
  }

  /// Every field in order, names as they were sent.
  package var fields: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
    storage.fields.map { (storage.bytes[Int($0.nameStart)..<Int($0.nameEnd)], value(of: $0)) }
  }

  private static let root: [UInt8] = [UInt8(ascii: "/")]

  private func value(of field: Field) -> ArraySlice<UInt8> {
    storage.bytes[Int(field.valueStart)..<Int(field.valueEnd)]
  }

  /// Compares a name in the bytes, in any letter case.
  private func matches(_ field: Field, _ name: FieldName) -> Bool {
    let text = name.text.utf8
    guard Int(field.nameEnd &- field.nameStart) == text.count else { return false }
    var index = Int(field.nameStart)
    for byte in text {
      if Octet.lowercased(storage.bytes[index]) != Octet.lowercased(byte) { return false }
      index += 1
    }
    return true
  }
}
