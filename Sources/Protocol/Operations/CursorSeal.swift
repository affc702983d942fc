import Platform
import SCIM

/// Creates cursors that only this server can create and read; it stores nothing about them (RFC 9865 §5).
///
/// A cursor is `tag || content ^ mask` in base 64 of the URL-safe alphabet. The tag is an HMAC-SHA256, cut to 16
/// octets, over the content and everything that must stay the same from page to page; the mask is derived from the tag,
/// so that a cursor reveals nothing about the resource it follows.
struct CursorSeal: Sendable {
  private static let tagBytes = 16
  /// The content of a cursor is shorter.
  private static let maxTextBytes = 1024

  private let secret: @Sendable () -> [UInt8]
  /// Milliseconds.
  private let timeout: Int64
  private let environment: Environment

  /// - Parameters:
  ///   - secret: the key of the HMAC; cursors sealed with an earlier one are refused.
  ///   - timeout: how long a cursor stays valid, in seconds.
  init(secret: @escaping @Sendable () -> [UInt8], timeout: Int, environment: Environment) {
    self.secret = secret
    self.timeout = Int64(timeout) * 1000
    self.environment = environment
  }

  /// All that a cursor is valid for except the `count`: one query in one directory.
  struct Binding: Sendable {
    let digest: [UInt8]

    /// Names of attributes are compared without regard to case and order, everything else as given.
    init(_ query: ListQuery, _ types: [ResourceType], directory: String) {
      var bytes: [UInt8] = []
      /// Puts the length first, so that two lists of texts never give the same bytes.
      func add(_ text: String?) {
        let utf8 = Array((text ?? "").utf8)
        bytes.append(contentsOf: (text == nil ? "-" : "\(utf8.count):").utf8)
        bytes.append(contentsOf: utf8)
      }
      func add(_ list: [String]?) {
        add(list.map { String($0.count) })
        for item in list ?? [] { add(item) }
      }
      add(directory)
      add(types.map(\.name))
      add(query.filter)
      add(query.sortBy?.lowercased())
      add(query.descending ? "descending" : "ascending")
      add(query.attributes.map(Self.sorted))
      add(query.excludedAttributes.map(Self.sorted))
      digest = SHA256.digest(bytes)
    }

    private static func sorted(_ names: [String]) -> [String] {
      names.map { $0.lowercased() }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }

  /// The cursor of the next page; `count` is that of the request, and must stay the same.
  func seal(_ position: CursorPosition, count: Int?, _ binding: Binding) -> String {
    let content = CursorContent(issued: environment.now(), count: count, position: position).bytes
    let secret = secret()
    let tag = tag(content, binding, secret)
    return CursorText.encode(tag + masked(content, tag, secret))
  }

  /// Where paging continues. Throws 400 invalidCursor for a cursor that was not created here for this query, 400
  /// expiredCursor, and 400 invalidCount if the `count` is not that of the first page.
  func open(_ text: String, count: Int?, _ binding: Binding) throws(SCIMError) -> CursorPosition {
    guard text.utf8.count <= CursorSeal.maxTextBytes, let bytes = CursorText.decode(text),
      bytes.count > CursorSeal.tagBytes
    else { throw CursorSeal.invalid }
    let secret = secret()
    let given = Array(bytes.prefix(CursorSeal.tagBytes))
    let content = masked(Array(bytes.dropFirst(CursorSeal.tagBytes)), given, secret)
    let difference = zip(tag(content, binding, secret), given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    guard difference == 0, let found = CursorContent(content) else { throw CursorSeal.invalid }
    guard environment.now() - found.issued <= timeout else {
      throw SCIMError(
        .cursorExpired,
        "The cursor is older than \(timeout / 1000) seconds. Start again with an empty cursor.")
    }
    guard found.count == count else {
      throw SCIMError(.cursorCountChanged, "\"count\" must be the same on every page when paging by cursor.")
    }
    return found.position
  }

  /// The same text whatever is wrong with a cursor (RFC 9865 §5.2).
  private static let invalid = SCIMError(
    .invalidCursor,
    "The cursor does not belong to this query. Start again with an empty cursor, and repeat all other parameters."
  )

  /// The first 16 octets of the HMAC.
  private func tag(_ content: [UInt8], _ binding: Binding, _ secret: [UInt8]) -> [UInt8] {
    Array(HMAC.sha256(Array("tag".utf8) + binding.digest + content, key: secret).prefix(CursorSeal.tagBytes))
  }

  /// XOR with a stream of HMACs over the tag and a counter; the same call reverses it.
  private func masked(_ content: [UInt8], _ tag: [UInt8], _ secret: [UInt8]) -> [UInt8] {
    var mask: [UInt8] = []
    var block: UInt8 = 0
    while mask.count < content.count {
      mask += HMAC.sha256(Array("mask".utf8) + tag + [block], key: secret)
      block &+= 1
    }
    return zip(content, mask).map { $0 ^ $1 }
  }
}
