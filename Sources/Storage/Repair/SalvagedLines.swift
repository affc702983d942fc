import Platform

/// The bytes of a segment built from the good records of a damaged one, with empty records in place of lost ones.
struct SalvagedLines {
  private(set) var bytes: [UInt8]
  private var point: LogPoint
  /// Of the last line.
  var hash: Digest256 { point.hash }
  private let format: Int64
  private let placeholder: JournalRecord

  /// - Parameter time: of the repair, as text.
  init(_ header: LogHeader, from first: UInt64, time: String) {
    bytes = header.sealed()
    point = LogPoint(seq: first - 1, hash: header.prev)
    format = header.format
    let incarnation = header.incarnation?.name ?? String(repeating: "0", count: Incarnation.length)
    let frame =
      "\"incarnation\":\"\(incarnation)\",\"time\":\"\(time)\",\"actor\":{\"kind\":\"command\"},"
      + "\"request\":\"repair\",\"operation\":\"REPAIR\",\"kinds\":[],\"lost\":true"
    placeholder = JournalRecord(
      frame: Array(frame.utf8), payload: Array("{\"changes\":[]}".utf8),
      salt: [UInt8](repeating: 0, count: JournalRecord.saltBytes))
  }

  /// The record with its line; the chain is made again from here on.
  mutating func append(_ record: RecordLine, _ line: UnsafeRawBufferPointer) {
    fill(upTo: record.seq)
    let hash: Digest256
    if format == 1 {
      let payload = [UInt8(ascii: "{")] + line[record.members] + [UInt8(ascii: "}")]
      hash = RecordLine.appendFormat1(
        to: &bytes, seq: record.seq, synced: record.synced, prev: point.hash, payload: payload)
    } else {
      hash = RecordLine.append(to: &bytes, record, line, prev: point.hash)
    }
    point = LogPoint(seq: record.seq, hash: hash)
  }

  /// Stands in for the lost records before that one.
  mutating func fill(upTo seq: UInt64) {
    while point.seq + 1 < seq {
      let next = point.seq + 1
      let hash =
        format == 1
        ? RecordLine.appendFormat1(
          to: &bytes, seq: next, synced: point.seq, prev: point.hash, payload: format1Placeholder)
        : RecordLine.append(to: &bytes, seq: next, synced: point.seq, prev: point.hash, placeholder)
      point = LogPoint(seq: next, hash: hash)
    }
  }

  private var format1Placeholder: [UInt8] {
    [UInt8(ascii: "{")] + placeholder.frame + Array(",\"changes\":[]}".utf8)
  }
}
