import Dispatch
import Platform

/// One JSON line for each request, written in batches by a thread of its own. It never delays a request: if the reader
/// of the log is too slow, lines are dropped and counted, and the count is the next line.
package final class AccessLog: Sendable {
  private struct Buffer {
    var bytes: [UInt8] = []
    var dropped = 0
    /// Since the start.
    var droppedEver = 0
    var isScheduled = false
  }

  /// Bytes that may wait for the writer.
  private static let limit = 4 << 20
  /// How long a line may wait.
  private static let delay = DispatchTimeInterval.milliseconds(50)

  private let buffer = Locked(Buffer())
  private let queue = DispatchQueue(label: "scimd.log")
  private let write: @Sendable ([UInt8]) -> Void

  /// `write` is handed whole lines, on the log's own thread.
  package init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

  /// Lines that were dropped since the start.
  package var droppedLines: Int { buffer.withLock { $0.droppedEver } }

  /// Appends a line; its LF is added.
  package func append(_ line: [UInt8]) {
    let mustSchedule = buffer.withLock { buffer -> Bool in
      guard buffer.bytes.count + line.count < AccessLog.limit else {
        buffer.dropped += 1
        buffer.droppedEver += 1
        return false
      }
      buffer.bytes.append(contentsOf: line)
      buffer.bytes.append(UInt8(ascii: "\n"))
      defer { buffer.isScheduled = true }
      return !buffer.isScheduled
    }
    if mustSchedule { queue.asyncAfter(deadline: .now() + AccessLog.delay) { @Sendable in self.flush() } }
  }

  /// Writes the waiting lines.
  package func flush() {
    let (bytes, dropped) = buffer.withLock { buffer in
      defer { buffer = Buffer(droppedEver: buffer.droppedEver) }
      return (buffer.bytes, buffer.dropped)
    }
    if !bytes.isEmpty { write(bytes) }
    if dropped > 0 { write(Array("{\"droppedLogLines\":\(dropped)}\n".utf8)) }
  }
}
