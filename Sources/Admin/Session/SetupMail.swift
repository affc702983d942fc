import Credentials
import HTTP
import SCIM

/// The message that goes with a set-up link.
struct SetupMail {
  let connection: ConnectionDescription
  /// The whole address with the secret.
  let url: String
  let expires: DateTime

  private var subject: String { "Set up provisioning from \(title)" }

  private var title: String { Profile.named(connection.provider)?.title ?? connection.provider }

  var text: String {
    """
    Hello,

    please set up the provisioning of people from \(title). This page leads you through it, has the values to enter,
    and shows when the first person has arrived:

    \(url)

    The link needs no account. It is for you alone: whoever has it can make one key for this connection. It ends on
    \(expires.description.prefix(10)), or a day after everything works.

    """
  }

  /// - Parameter address: nil for no recipient.
  func mailto(_ address: String?) -> String {
    "mailto:\(address ?? "")?subject=\(PercentDecoding.encoded(subject))&body=\(PercentDecoding.encoded(text))"
  }

  /// A message as mailers read it (RFC 5322); all ASCII, because the title is the provider's.
  func message(to address: String) -> String {
    let head = "To: \(address)\nSubject: \(Self.ascii(subject))\nAuto-Submitted: auto-generated\n"
    return head
      + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
      + text
  }

  private static func ascii(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}
