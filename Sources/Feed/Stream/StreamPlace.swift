import JSON

/// How far a receiver that polls is, as a note: a position, and the events behind it that were acknowledged already.
struct StreamPlace {
  typealias Place = WebhookLedger.Place

  /// Acknowledged events behind the position.
  static let maxAcknowledged = 1000

  /// Every event up to this record was acknowledged.
  private(set) var position: UInt64
  private(set) var acknowledged: Set<Place>

  /// - Parameter start: the position of a stream that has no note yet.
  init(_ note: JSONValue?, start: UInt64) {
    position = note?["position"]?.integerValue.map { UInt64(clamping: $0) } ?? start
    acknowledged = Set(
      (note?["acknowledged"]?.arrayValue ?? []).compactMap { pair in
        guard let numbers = pair.arrayValue?.compactMap(\.integerValue), numbers.count == 2 else {
          return nil
        }
        return Place(UInt64(clamping: numbers[0]), Int(clamping: numbers[1]))
      })
  }

  var note: JSONValue {
    var note: JSONObject = ["position": .integer(Int64(clamping: position))]
    if !acknowledged.isEmpty {
      let pairs = acknowledged.sorted().map { place -> JSONValue in
        [.integer(Int64(clamping: place.seq)), .integer(Int64(place.index))]
      }
      note["acknowledged"] = .array(pairs)
    }
    return .object(note)
  }

  func has(_ id: EventID) -> Bool { id.seq <= position || acknowledged.contains(Place(id)) }

  /// Takes acknowledgements. While too many events wait for an older one they are left out, and given out again.
  mutating func acknowledge(_ ids: some Sequence<EventID>) {
    for id in ids where id.seq > position && acknowledged.count < Self.maxAcknowledged {
      acknowledged.insert(Place(id))
    }
  }

  /// Everything up to a record is done.
  mutating func advance(to record: UInt64) {
    guard record > position else { return }
    position = record
    acknowledged = acknowledged.filter { $0.seq > record }
  }
}
