/// A request method (RFC 9110 §9); compared byte for byte, so `get` is not `GET`.
package struct HTTPMethod: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package static var get: HTTPMethod { HTTPMethod(rawValue: "GET") }
  package static var head: HTTPMethod { HTTPMethod(rawValue: "HEAD") }
  package static var post: HTTPMethod { HTTPMethod(rawValue: "POST") }
  package static var put: HTTPMethod { HTTPMethod(rawValue: "PUT") }
  package static var patch: HTTPMethod { HTTPMethod(rawValue: "PATCH") }
  package static var delete: HTTPMethod { HTTPMethod(rawValue: "DELETE") }
  package static var options: HTTPMethod { HTTPMethod(rawValue: "OPTIONS") }

  /// The methods this server implements; any other gets 501 (RFC 9110 §9.1).
  static func known(_ bytes: UnsafeBufferPointer<UInt8>) -> HTTPMethod? {
    switch bytes.count {
    case 3: bytes.equals("GET") ? .get : bytes.equals("PUT") ? .put : nil
    case 4: bytes.equals("POST") ? .post : bytes.equals("HEAD") ? .head : nil
    case 5: bytes.equals("PATCH") ? .patch : nil
    case 6: bytes.equals("DELETE") ? .delete : nil
    case 7: bytes.equals("OPTIONS") ? .options : nil
    default: nil
    }
  }
}
