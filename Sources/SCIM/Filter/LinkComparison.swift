/// How the URIs of `$ref` compare (RFC 7643 §2.4).
enum LinkComparison {
  /// `uri` without the segment that names a version of the protocol: with it or without, it is the same resource.
  static func comparable(_ uri: String) -> TextKey {
    var segments = uri.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let version = segments.firstIndex(where: isVersion) else { return TextKey(exact: uri) }
    segments.remove(at: version)
    return TextKey(
      exact: String(decoding: Array(segments.joined(separator: [UInt8(ascii: "/")])), as: UTF8.self))
  }

  /// `v` and digits.
  private static func isVersion(_ segment: Substring.UTF8View) -> Bool {
    segment.count > 1 && segment.first == UInt8(ascii: "v")
      && segment.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
