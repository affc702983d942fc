import JSON
import Platform

/// The bytes of a segment made of the good records of a damaged one, and of empty ones in place of those that are lost.
struct SalvagedLines {
  private(set) var bytes: [UInt8]
  private var point: LogPoint
  private let placeholder: [UInt8]

  /// - Parameter time: of the repair, as text.
  init(_ header: LogHeader, from first: UInt64, time: String) {
    bytes = header.sealed()
    point = LogPoint(seq: first - 1, chain: header.prev)
    let record: JSONValue = [
      "time": .string(time),
      "actor": ["key": "", "profile": "admin", "remote": "command line"],
      "request": "repair", "operation": "REPAIR", "lost": true, "changes": [],
    ]
    placeholder = record.serialized()
  }

  mutating func append(_ record: RecordLine, _ payload: [UInt8]) {
    fill(upTo: record.seq)
    add(payload, synced: record.synced)
  }

  /// Stands in for the lost records before that one.
  mutating func fill(upTo seq: UInt64) {
    while point.seq + 1 < seq { add(placeholder, synced: point.seq) }
  }

  private mutating func add(_ payload: [UInt8], synced: UInt64) {
    let seq = point.seq + 1
    let crc = RecordLine.append(
      to: &bytes, seq: seq, synced: min(synced, seq - 1), prev: point.chain, payload: payload)
    point = LogPoint(seq: seq, chain: crc)
  }
}
