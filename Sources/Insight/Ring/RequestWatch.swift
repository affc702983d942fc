import Dispatch
import HTTP
package import JSON
import Platform

/// New requests as server-sent events, for one reader:
///
///     event: request
///     id: 4bf0b9fc-17
///     data: {"id": "...", ...}
///
/// A comment every 15 seconds shows that the connection is alive. A reader that is too slow misses entries, and is told
/// how many: `event: dropped`, `data: {"dropped": 5}`.
package final class RequestWatch: HTTPBodyProducer {
  /// What the reader gets of an entry of a directory; nil for nothing.
  package typealias Selection = @Sendable (_ directory: String, _ line: ArraySlice<UInt8>) -> JSONValue?

  private let selection: Selection
  private let body = EventStreamBody()
  /// Entries that did not fit since the reader was told.
  private let dropped = Locked(0)

  init(_ selection: @escaping Selection) { self.selection = selection }

  // MARK: From the ring

  func offer(_ directory: String, _ line: ArraySlice<UInt8>) {
    guard let json = selection(directory, line) else { return }
    // What a reader that reconnects sends back as Last-Event-ID.
    let id = (json["id"]?.stringValue).map { "id: \($0)\n" } ?? ""
    let isTaken = body.add(
      Array("event: request\n\(id)data: ".utf8) + json.serialized() + Array("\n\n".utf8))
    if !isTaken { dropped.withLock { $0 += 1 } }
  }

  /// Shows that the connection is alive.
  func beat() { body.beat() }

  func end() { body.end() }

  // MARK: HTTPBodyProducer

  package func nextPiece() -> [UInt8]? {
    let missed = dropped.withLock { dropped in
      defer { dropped = 0 }
      return dropped
    }
    guard missed > 0 else { return body.nextPiece() }
    return (body.nextPiece() ?? []) + Array("event: dropped\ndata: {\"dropped\":\(missed)}\n\n".utf8)
  }

  package var heldBytes: Int { body.heldBytes }

  package func whenReady(_ wake: @escaping @Sendable () -> Void) -> Bool { body.whenReady(wake) }
}
