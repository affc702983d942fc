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

  var json: [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    writer.name("time")
    writer.string(DateTime(milliseconds: time).description)
    writer.name("request")
    writer.string(requestID)
    writer.name("remote")
    writer.string(remote)
    writer.name("method")
    writer.string(method)
    writer.name("path")
    writer.string(template)
    if let resource {
      writer.name("resource")
      writer.string(String(decoding: resource.prefix(64), as: UTF8.self))
    }
    if let key {
      writer.name("key")
      writer.string(key)
    }
    writer.name("status")
    writer.integer(Int64(status))
    writer.name("microseconds")
    writer.integer(Int64(clamping: microseconds))
    writer.endObject()
    return writer.bytes
  }
}
