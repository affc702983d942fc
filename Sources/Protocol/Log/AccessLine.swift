package import Credentials
package import HTTP
import JSON
package import SCIM

/// What the access log says about a request: never a filter, a name, an address or a key (only the key's id, and of a
/// refused one the few letters that `scimd key list` shows too).
package struct AccessLine {
  /// Milliseconds since 1970.
  let time: Int64
  let requestID: String
  let remote: String
  let method: String
  let template: String
  let resource: ArraySlice<UInt8>?
  let key: String?
  /// Why it has no key, if it needs one.
  let refusal: KeyRefusal?
  /// Why it was refused; nil if it was not.
  let code: SCIMError.Code?
  /// The HTTP rule that it broke; nothing else is known about it.
  private(set) var rule: String?
  let status: Int
  let microseconds: UInt64

  package init(
    time: Int64, requestID: String, remote: String, method: String, template: String,
    resource: ArraySlice<UInt8>?, key: String?, refusal: KeyRefusal?, code: SCIMError.Code?,
    status: Int, microseconds: UInt64
  ) {
    self.time = time
    self.requestID = requestID
    self.remote = remote
    self.method = method
    self.template = template
    self.resource = resource
    self.key = key
    self.refusal = refusal
    self.code = code
    self.status = status
    self.microseconds = microseconds
  }

  /// For bytes that are not a request.
  package init(time: Int64, requestID: String, remote: String, error: HTTPError, _ refusal: SCIMError) {
    self.init(
      time: time, requestID: requestID, remote: remote, method: "", template: "", resource: nil, key: nil,
      refusal: nil, code: refusal.code, status: error.status.rawValue, microseconds: 0)
    rule = error.name
  }

  /// A JSON object. Written for every request, so text that needs no escaping is copied.
  package var json: [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(320)
    line.append(text: "{\"time\":\"")
    DateTime(milliseconds: time).append(to: &line)
    line.append(text: "\",\"request\":\"")
    line.append(plain: requestID)
    line.append(text: "\",\"remote\":")
    var remote = remote
    remote.withUTF8 { line.append(quoted: $0) }
    line.append(text: ",\"method\":\"")
    line.append(plain: method)
    line.append(text: "\",\"path\":\"")
    line.append(plain: template)
    line.append(text: "\"")
    if let resource {
      line.append(text: ",\"resource\":")
      resource.prefix(64).withUnsafeBufferPointer { line.append(quoted: $0) }
    }
    if let key {
      line.append(text: ",\"key\":\"")
      line.append(plain: key)
      line.append(text: "\"")
    }
    if let refusal {
      line.append(text: ",\"refused\":\"")
      line.append(plain: refusal.reason.rawValue)
      line.append(text: "\"")
      if refusal.requests > 1 {
        line.append(text: ",\"requests\":")
        line.append(plain: String(refusal.requests))
      }
      if var hint = refusal.hint {
        line.append(text: ",\"hint\":")
        hint.withUTF8 { line.append(quoted: $0) }
      }
    }
    if let rule {
      line.append(text: ",\"refused\":\"")
      line.append(plain: rule)
      line.append(text: "\"")
    }
    if let code {
      line.append(text: ",\"code\":\"")
      line.append(plain: code.rawValue)
      line.append(text: "\"")
    }
    line.append(text: ",\"status\":")
    line.append(plain: String(status))
    line.append(text: ",\"microseconds\":")
    line.append(plain: String(microseconds))
    line.append(text: "}")
    return line
  }
}

extension [UInt8] {
  /// As a JSON string.
  fileprivate mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
    let isPlain = text.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard isPlain else {
      return append(contentsOf: JSONValue.string(String(decoding: text, as: UTF8.self)).serialized())
    }
    append(UInt8(ascii: "\""))
    append(contentsOf: text)
    append(UInt8(ascii: "\""))
  }
}
