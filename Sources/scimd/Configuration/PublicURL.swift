/// The address clients use, up to and not including `/scim/v2`.
struct PublicURL: Sendable, Equatable {
  static let basePath = "/scim/v2"

  /// Without a slash at the end.
  let text: String

  /// Reads an absolute http or https URL without query and fragment; a trailing `/scim/v2` is removed.
  init(_ text: String) throws(BadValue) {
    var rest = text[...]
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if rest.hasSuffix(Self.basePath) { rest = rest.dropLast(Self.basePath.count) }
    let scheme = ["https://", "http://"].first { rest.hasPrefix($0) }
    let afterScheme = rest.dropFirst(scheme?.count ?? 0)
    let isPlain = afterScheme.utf8.allSatisfy { byte in
      byte > 32 && byte < 127 && !"?#@\"<>\\^`{|}".utf8.contains(byte)
    }
    guard scheme != nil, let first = afterScheme.first, first != "/", first != ":", isPlain else {
      throw BadValue("\"\(text)\" is not a URL like https://scim.example.com")
    }
    self.text = String(rest)
  }

  var isHTTPS: Bool { text.hasPrefix("https://") }
}
