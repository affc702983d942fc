import JSON
import SCIM
package import Storage

/// The place of a webhook or stream in its directory's log, as notes: one for the position, one for each exception.
package struct WebhookNotes: Sendable {
  private let directory: Directory
  /// What their keys begin with.
  private let prefix: String

  package init(_ directory: Directory, _ kind: EventTargetKind, _ id: String) {
    self.directory = directory
    prefix = Self.prefix(kind, id)
  }

  private static let context = RequestContext(
    Actor(.server), requestID: "webhook", operation: "NOTE /webhooks/{id}")

  package static func prefix(_ kind: EventTargetKind, _ id: String) -> String { "\(kind.noun):\(id)" }

  /// - Parameter start: the position of a webhook that has none yet.
  func load(start: UInt64) -> (position: UInt64, exceptions: [String: WebhookLedger.Exception]) {
    var exceptions: [String: WebhookLedger.Exception] = [:]
    var position = start
    for (key, value) in directory.notes(withPrefix: prefix) {
      func number(_ name: String) -> Int64 { value[name]?.integerValue ?? 0 }
      if key.hasSameBytes(as: prefix) {
        position = UInt64(clamping: number("position"))
      } else {
        let subject = String(key.dropFirst(prefix.count + 1))
        exceptions[subject] = WebhookLedger.Exception(
          place: WebhookLedger.Place(UInt64(clamping: number("seq")), Int(clamping: number("index"))),
          failures: Int(clamping: number("failures")), due: number("due"))
      }
    }
    return (position, exceptions)
  }

  /// How far a webhook is that is not being sent to.
  package func progress(start: UInt64) -> WebhookProgress {
    let (position, exceptions) = load(start: start)
    return WebhookProgress(
      position: position, last: directory.lastOnDisk, exceptions: exceptions.count)
  }

  /// Everything after a record is sent once more.
  package func move(to position: UInt64, _ tx: inout Transaction) {
    for key in tx.noteKeys(withPrefix: prefix) where !key.hasSameBytes(as: prefix) { tx.note(key, nil) }
    tx.note(prefix, ["position": .integer(Int64(clamping: position))])
  }

  /// One record; false if it was not taken. Nobody waits for the disk: what is lost is sent again.
  func save(position: UInt64, _ exceptions: [String: WebhookLedger.Exception?]) -> Bool {
    let result = directory.write(Self.context) { tx throws(SCIMError) in
      tx.note(prefix, ["position": .integer(Int64(clamping: position))])
      for (subject, exception) in exceptions {
        let value: JSONValue? = exception.map {
          [
            "seq": .integer(Int64(clamping: $0.place.seq)), "index": .integer(Int64($0.place.index)),
            "failures": .integer(Int64($0.failures)), "due": .integer($0.due),
          ]
        }
        let about = subject.split(separator: ":").last.flatMap { ResourceID(String($0)) }
        tx.note("\(prefix):\(subject)", about: about, value)
      }
      return nil
    }
    return result.isAccepted()
  }
}
