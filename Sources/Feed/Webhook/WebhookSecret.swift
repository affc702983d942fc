package import Storage
import Platform
import SCIM

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
  package var text: String { "whsec_" + Base64.encoded(key) }

  /// The signature of one call.
  func signature(_ id: String, _ timestamp: Int64, _ body: [UInt8]) -> String {
    "v1," + Base64.encoded(HMAC.sha256(Array("\(id).\(timestamp).".utf8) + body, key: key))
  }
}
