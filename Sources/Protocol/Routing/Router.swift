import HTTP
import SCIM

/// Finds routes; created once per catalog.
struct Router: Sendable {
  private let types: [(name: [UInt8], type: ResourceType)]

  /// - Parameter listed: the types that the server lists from a file.
  init(_ catalog: Catalog, listed: [ResourceType] = []) {
    types = (catalog.types + listed).map { (Array($0.endpoint.utf8.dropFirst()).map(Router.lower), $0) }
  }

  /// The names of all endpoints, for suggestions.
  var endpointNames: [String] {
    types.map { String($0.type.endpoint.dropFirst()) } + [
      "ServiceProviderConfig", "Schemas", "ResourceTypes", "Bulk", "Me", ".search",
    ]
  }

  /// Endpoint names ignore letter case, ids do not; a trailing slash has no meaning, and several slashes in a row, as a
  /// base URL with a slash at its end makes them, are one.
  func route(_ path: ArraySlice<UInt8>) -> Route {
    if path.contains(UInt8(ascii: "%")), (try? PercentDecoding.text(of: path, plusIsSpace: false)) == nil {
      return .malformed
    }
    var path = Router.withSingleSlashes(path).dropFirst()
    if path.last == UInt8(ascii: "/") { path = path.dropLast() }
    if let rest = Router.strip("scim", from: path) {
      guard let inner = Router.strip("v2", from: rest) else {
        return Router.isVersion(rest) ? .otherVersion : .unknown
      }
      return endpoint(inner)
    }
    if let inner = Router.strip("v2", from: path) { return endpoint(inner) }
    return Router.isVersion(path) ? .otherVersion : endpoint(path)
  }

  /// Copies the path only if it has several slashes in a row.
  private static func withSingleSlashes(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let slash = UInt8(ascii: "/")
    let hasDouble = path.withUnsafeBufferPointer { bytes in
      bytes.indices.dropFirst().contains { bytes[$0] == slash && bytes[$0 - 1] == slash }
    }
    guard hasDouble else { return path }
    var single: [UInt8] = []
    for byte in path where byte != slash || single.last != slash { single.append(byte) }
    return single[...]
  }

  /// The route of a path below the base.
  private func endpoint(_ path: ArraySlice<UInt8>) -> Route {
    guard !path.isEmpty else { return .root }
    let end = path.firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
    let name = path[..<end]
    let rest = end < path.endIndex ? path[(end + 1)...] : nil
    guard let found = types.first(where: { Router.same(name, $0.name) }) else { return fixed(name, rest) }
    guard let rest else { return .collection(found.type) }
    if rest.elementsEqual(".search".utf8) { return .search(found.type) }
    guard let id = Router.segment(rest) else { return .unknown }
    return .resource(found.type, id)
  }

  /// The endpoints that do not depend on the catalog.
  private func fixed(_ name: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>?) -> Route {
    guard let segment = Router.segment(name) else { return .unknown }
    let text = String(decoding: segment.map(Router.lower), as: UTF8.self)
    if let rest {
      guard let id = Router.segment(rest).map({ String(decoding: $0, as: UTF8.self) }) else {
        return .unknown
      }
      switch text {
      case "schemas": return .schema(id)
      case "resourcetypes": return .resourceType(id)
      default: return .unknown
      }
    }
    switch text {
    case ".search": return .rootSearch
    case "serviceproviderconfig": return .serviceProviderConfig
    case "schemas": return .schemas
    case "resourcetypes": return .resourceTypes
    case "bulk": return .bulk
    case "me": return .me
    case "livez": return .live
    case "readyz": return .ready
    default: return .unknown
    }
  }

  /// One path segment, percent-decoded; nil if it is empty, malformed or more than one segment.
  private static func segment(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard !bytes.isEmpty, !bytes.contains(UInt8(ascii: "/")) else { return nil }
    guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
    guard let text = try? PercentDecoding.text(of: bytes, plusIsSpace: false) else { return nil }
    return Array(text.utf8)[...]
  }

  /// The rest of the path if its first segment is `name`.
  private static func strip(_ name: StaticString, from path: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let size = name.utf8CodeUnitCount
    guard path.count >= size,
      zip(path, UnsafeBufferPointer(start: name.utf8Start, count: size)).allSatisfy({ lower($0) == $1 })
    else { return nil }
    let rest = path.dropFirst(size)
    guard let next = rest.first else { return rest }
    return next == UInt8(ascii: "/") ? rest.dropFirst() : nil
  }

  /// `v` and digits: a protocol version that is not 2.
  private static func isVersion(_ path: ArraySlice<UInt8>) -> Bool {
    let segment = path.prefix { $0 != UInt8(ascii: "/") }
    return segment.count > 1 && lower(segment[segment.startIndex]) == UInt8(ascii: "v")
      && segment.dropFirst().allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
      }
  }

  /// Whether a name is `lowered`, which is in lower case already.
  private static func same(_ name: ArraySlice<UInt8>, _ lowered: [UInt8]) -> Bool {
    name.count == lowered.count && zip(name, lowered).allSatisfy { lower($0) == $1 }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
