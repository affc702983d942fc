/// Finds the endpoint that a wrong path was meant for: `/User` for `/Users`, `/api/scim/v2/Users` for `/Users`.
struct NearestEndpoint {
  /// Segments of a path that are looked at.
  private static let maxSegments = 8
  /// Letters that may differ.
  private static let maxDistance = 2

  private let names: [(text: String, letters: [UInt8])]

  init(_ names: [String]) { self.names = names.map { ($0, NearestEndpoint.lowered($0.utf8)) } }

  /// The name of the endpoint, without its slash; nil if the path resembles none.
  func name(for path: ArraySlice<UInt8>) -> String? {
    let segments = path.split(separator: UInt8(ascii: "/")).prefix(NearestEndpoint.maxSegments)
    var best: (name: String, distance: Int)?
    for segment in segments.map({ NearestEndpoint.lowered($0) }) {
      for name in names {
        guard let distance = NearestEndpoint.distance(segment, name.letters),
          distance < best?.distance ?? .max
        else { continue }
        best = (name.text, distance)
      }
    }
    return best?.name
  }

  private static func lowered(_ text: some Sequence<UInt8>) -> [UInt8] {
    text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Letters to insert, delete or replace; nil if there are too many, or half the name would go.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int? {
    guard abs(a.count - b.count) <= maxDistance else { return nil }
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let substituted = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    let distance = row[b.count]
    return distance <= maxDistance && distance * 2 < b.count ? distance : nil
  }
}
