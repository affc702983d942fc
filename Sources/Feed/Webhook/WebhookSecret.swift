package import Storage
import Platform

/// What a webhook's calls are signed with (Standard Webhooks 1.0): derived from the master key, so that it is nowhere on
/// disk; rotation counts the generation up.
package struct WebhookSecret: Sendable {
  private let key: [UInt8]

  /// - Parameter id: of the webhook.
  package init(_ keys: MasterKeys, _ id: String, generation: Int) {
    key = keys.secret(for: "webhook \(id) \(generation)")
  }

  init(key: [UInt8]) { self.key = key }

  /// As receivers are given it: `whsec_` and base 64.
  package var text: String { "whsec_" + Self.base64(key) }

  /// The signature of one call.
  func signature(_ id: String, _ timestamp: Int64, _ body: [UInt8]) -> String {
    "v1," + Self.base64(HMAC.sha256(Array("\(id).\(timestamp).".utf8) + body, key: key))
  }

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        text.append(
          place <= group.count ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
