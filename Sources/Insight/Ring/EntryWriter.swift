package import JSON
import SCIM
package import Storage

/// Writes one entry of the ring: a JSON object on a line. Its members are
///
///     "id", "time", "method", "path" (the route), "status", "microseconds"
///     "remote", "certificate", "agent", "key", "connection"  who asked; left out if unknown
///     "resource": "<id>"                                the id in the path, if it is one
///     "query":    {"filter": "userName eq \"a@b.c\"", "count": 100, ...}
///     "body":     what the request asked for, as it was understood
///     "rules", "ignored", "skipped"                     how it was understood; left out when empty
///     "changes":  [{"changed": "User", "id": "...", "attributes": [{"name", "before", "after"}]}, ...]
///     "record":   the number of the record in the log; left out if nothing was changed
///     "error":    {"code", "status", "detail", "scimType", "operation", "attribute"}
///     "refused":  {"reason", "hint", "length", "detail", "requests"}  why the credentials were not accepted
///
/// Values are masked as the setting says before they are written.
package struct EntryWriter {
  package var json = JSONWriter(capacity: 4096)
  package let mask: ValueMask
  /// Names of attributes in a request that was not understood, which its error may quote.
  var names: [String] = []
  /// The text of a second, as most entries are of the same second as the one before.
  private var second = Int64.min
  private var secondText: [UInt8] = []
  /// The same for the User-Agent.
  private var agent: [UInt8] = []
  private var agentText: [UInt8] = []

  /// Bytes of an entry; a longer one is written without its body and its changes.
  private static let maxBytes = 256 * 1024

  init(_ mask: ValueMask) { self.mask = mask }

  /// The entry with its LF.
  var line: [UInt8] { json.bytes }

  mutating func begin() {
    var writer = JSONWriter()
    swap(&writer.bytes, &json.bytes)
    writer.bytes.removeAll(keepingCapacity: writer.bytes.capacity <= 1 << 20)
    json = writer
    names.removeAll()
  }

  mutating func end() {
    json.endObject()
    json.newline()
  }

  // MARK: The members that every entry has

  /// The first members. Written for every request, so texts without escapes are copied.
  ///
  /// - Parameters:
  ///   - path: the beginning of the route, such as `/Users`.
  ///   - rest: the rest of it, such as `/{id}`.
  package mutating func head(
    _ id: String, _ method: String, _ path: String, _ answer: ObservedAnswer, rest: StaticString = ""
  ) {
    json.bytes.append(text: "{\"id\":\"")
    json.bytes.append(plain: id)
    json.bytes.append(text: "\",\"time\":\"")
    append(time: answer.time)
    json.bytes.append(text: "\",\"method\":\"")
    json.bytes.append(plain: method)
    json.bytes.append(text: "\",\"path\":\"")
    json.bytes.append(plain: path)
    json.bytes.append(text: rest)
    json.bytes.append(text: "\",\"status\":")
    json.bytes.append(digits: UInt64(answer.status))
    json.bytes.append(text: ",\"microseconds\":")
    json.integer(Int64(answer.microseconds))
  }

  /// Who asked.
  package mutating func caller(
    remote: String, certificate: String? = nil, agent: ArraySlice<UInt8>?, key: String? = nil,
    connection: ResourceID? = nil
  ) {
    json.name("remote")
    json.string(remote)
    if let certificate {
      json.name("certificate")
      json.string(certificate)
    }
    if let key {
      json.bytes.append(text: ",\"key\":\"")
      json.bytes.append(plain: key)
      json.bytes.append(UInt8(ascii: "\""))
    }
    if let connection {
      json.bytes.append(text: ",\"connection\":\"")
      connection.append(to: &json.bytes)
      json.bytes.append(UInt8(ascii: "\""))
    }
    if let agent { write(agent: agent) }
  }

  /// The resource in the path.
  package mutating func resource(_ id: ResourceID) {
    json.bytes.append(text: ",\"resource\":\"")
    id.append(to: &json.bytes)
    json.bytes.append(UInt8(ascii: "\""))
  }

  private mutating func write(agent given: ArraySlice<UInt8>) {
    if !given.elementsEqual(agent) {
      agent = Array(given)
      let text = mask.redacted(String(decoding: given.prefix(160), as: UTF8.self))
      agentText = JSONValue.string(text).serialized()
    }
    json.bytes.append(text: ",\"agent\":")
    json.bytes.append(contentsOf: agentText)
  }

  private mutating func append(time: Int64) {
    let second = time / 1000
    if second != self.second {
      self.second = second
      secondText = Array(DateTime(milliseconds: second * 1000).utf8.prefix(20))
    }
    json.bytes.append(contentsOf: secondText)
    let rest = UInt64(truncatingIfNeeded: time - second * 1000)
    if rest < 100 { json.bytes.append(UInt8(ascii: "0")) }
    if rest < 10 { json.bytes.append(UInt8(ascii: "0")) }
    json.bytes.append(digits: rest)
    json.bytes.append(UInt8(ascii: "Z"))
  }

  // MARK: Parts that may be long

  /// Writes members, and takes them back if the entry becomes too long.
  package mutating func optional(_ body: (inout EntryWriter) -> Void) {
    let before = json.mark
    body(&self)
    guard json.bytes.count > Self.maxBytes else { return }
    json.cut(to: before)
    json.name("omitted")
    json.bool(true)
  }

  /// A list of texts; nothing if it is empty.
  package mutating func texts(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    json.name(name)
    json.beginArray()
    for text in texts.prefix(Self.maxListed) { json.string(mask.name(text)) }
    json.endArray()
  }

  /// Elements of a list.
  static let maxListed = 100
}

extension [UInt8] {
  fileprivate mutating func append(digits number: UInt64) {
    var unit: UInt64 = 1
    while number / unit >= 10 { unit *= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10))
      unit /= 10
    }
  }
}
