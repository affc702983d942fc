import HTTP
import JSON
import SCIM

/// What the access log tells of a request: never a filter, a name, an address or a key (only the key's id).
struct AccessLine {
  /// Milliseconds since 1970.
  let time: Int64
  let requestID: String
  let remote: String
  let method: String
  let template: String
  let resource: ArraySlice<UInt8>?
  let key: String?
  let status: Int
  let microseconds: UInt64

  /// A JSON object. Written for every request: what needs no escaping is copied.
  var json: [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(320)
    line.append(text: "{\"time\":\"")
    line.append(contentsOf: DateTime(milliseconds: time).utf8)
    line.append(text: "\",\"request\":\"")
    line.append(contentsOf: requestID.utf8)
    line.append(text: "\",\"remote\":")
    line.append(quoted: remote)
    line.append(text: ",\"method\":\"")
    line.append(contentsOf: method.utf8)
    line.append(text: "\",\"path\":\"")
    line.append(contentsOf: template.utf8)
    line.append(text: "\"")
    if let resource {
      line.append(text: ",\"resource\":")
      line.append(quoted: String(decoding: resource.prefix(64), as: UTF8.self))
    }
    if let key {
      line.append(text: ",\"key\":\"")
      line.append(contentsOf: key.utf8)
      line.append(text: "\"")
    }
    line.append(text: ",\"status\":")
    line.append(contentsOf: String(status).utf8)
    line.append(text: ",\"microseconds\":")
    line.append(contentsOf: String(microseconds).utf8)
    line.append(text: "}")
    return line
  }
}

extension [UInt8] {
  fileprivate mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// As a JSON string.
  fileprivate mutating func append(quoted text: String) {
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain else { return append(contentsOf: JSONValue.string(text).serialized()) }
    append(UInt8(ascii: "\""))
    append(contentsOf: text.utf8)
    append(UInt8(ascii: "\""))
  }
}
