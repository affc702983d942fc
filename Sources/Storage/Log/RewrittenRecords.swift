import JSON
import Platform

/// The parts of a log that differ from the chain, and the records that explain them: a record from which values were
/// erased is believed only if a record of kind `erasure` names the digest of its payload, a segment that was put together only
/// if one of kind `repair` names the hash of its last record. So an edited record that is marked as rewritten is
/// detected.
struct RewrittenRecords {
  private var payloads: [UInt64: (digest: String, damage: LogCorruption)] = [:]
  private var segments: [UInt64: (digest: String, damage: LogCorruption)] = [:]
  private var erasures: Set<String> = []
  private var repairs: Set<String> = []

  /// Looks at a record as it is read.
  mutating func note(_ entry: LogEntry) throws(LogCorruption) {
    if entry.line?.isRewritten == true {
      payloads[entry.seq] = (
        Digest256.of(entry.payload).text,
        entry.corruption("the values of record \(entry.seq) were changed, but no erasure record says so")
      )
    }
    guard Self.isOfFiles(entry.frame) else { return }
    for change in try entry.record()["changes"]?.arrayValue ?? [] {
      erasures.formUnion(Self.marks(change["erasure"]))
      repairs.formUnion(Self.marks(change["repair"]?["segments"]))
    }
  }

  /// Whether the frame, which ends with the kinds of its changes, is that of a record about files.
  private static func isOfFiles(_ frame: [UInt8]) -> Bool {
    [Change.Kind.erasure, .repair].contains { kind in
      let end = Array("[\"\(kind.rawValue)\"]]".utf8)
      return frame.count >= end.count && frame.suffix(end.count).elementsEqual(end)
    }
  }

  /// Checks a segment after it was read; its header may say that it was rebuilt.
  mutating func note(_ segment: SegmentReader) {
    guard segment.format > 1, segment.header?.rewritten != nil else { return }
    segments[segment.first] = (
      segment.lastHash.text,
      LogCorruption(
        file: segment.path, offset: 0,
        reason: "the segment says that it was repaired, but no repair record says so")
    )
  }

  /// Rewrites that no record confirms, oldest first.
  var problems: [LogCorruption] {
    let values = payloads.filter { !erasures.contains(Self.mark($0.key, $0.value.digest)) }
    let files = segments.filter { !repairs.contains(Self.mark($0.key, $0.value.digest)) }
    return (values.map { ($0.key, $0.value.damage) } + files.map { ($0.key, $0.value.damage) })
      .sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Numbers and digests in an erasure's or repair's record, as `mark` joins them.
  private static func marks(_ list: JSONValue?) -> [String] {
    (list?.arrayValue ?? []).compactMap { element in
      guard let seq = element["seq"]?.integerValue.flatMap({ UInt64(exactly: $0) }),
        let digest = element["digest"]?.stringValue
      else { return nil }
      return mark(seq, digest)
    }
  }

  private static func mark(_ seq: UInt64, _ digest: String) -> String { "\(seq) \(digest)" }
}
