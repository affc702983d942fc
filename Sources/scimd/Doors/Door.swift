import Admin
import HTTP

/// A group of paths that a listener can offer.
enum Door: String, Sendable, CaseIterable {
  case scim, api, oauth, admin, console, setup, docs, health, metrics

  /// The default of a listener that other machines can reach: no administration.
  static let facingOthers: [Door] = [.scim, .api, .oauth, .setup, .docs, .health]
  /// Those of the second listener.
  static let ofAdministration: [Door] = [.admin, .console, .docs, .health, .metrics]

  /// The door of a path, by its first segment; nil for all other paths, which belong to SCIM or health.
  static func named(by path: ArraySlice<UInt8>) -> Door? {
    let rest = path.dropFirst()
    let segment = rest.prefix { $0 != UInt8(ascii: "/") }
    switch segment.count {
    case 3:
      // For any other path below /api, SCIM answers with its base URL.
      let version = rest.dropFirst(4).prefix { $0 != UInt8(ascii: "/") }
      return segment.elementsEqual("api".utf8) && version.elementsEqual("v1".utf8) ? .api : nil
    case 4: return segment.elementsEqual("docs".utf8) ? .docs : nil
    case 5:
      if segment.elementsEqual("admin".utf8) { return .admin }
      return segment.elementsEqual("setup".utf8) ? .setup : nil
    case 6: return segment.elementsEqual("oauth2".utf8) ? .oauth : nil
    case 11:
      // No other path below it exists.
      return path.elementsEqual(KeySetNoun.path.utf8) ? .api : nil
    case 7:
      if segment.elementsEqual("console".utf8) { return .console }
      return segment.elementsEqual("metrics".utf8) ? .metrics : nil
    default: return nil
    }
  }

  /// Whether SCIM's router treats the path as a health check: below each of its bases, in any letter case.
  static func isHealth(_ path: ArraySlice<UInt8>) -> Bool {
    guard let decoded = try? PercentDecoding.segments(of: path) else { return false }
    var segments = decoded.filter { !$0.isEmpty }.map { $0.lowercased() }[...]
    if segments.starts(with: ["scim", "v2"]) {
      segments = segments.dropFirst(2)
    } else if segments.first == "v2" {
      segments = segments.dropFirst()
    }
    return segments.count == 1 && (segments.first == "livez" || segments.first == "readyz")
  }
}
