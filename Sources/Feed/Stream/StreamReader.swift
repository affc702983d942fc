package import JSON
package import SCIM
import Storage
package import TLS

/// What a receiver that polls gets (RFC 8936): the events of its stream that it did not acknowledge yet, in order. Reads
/// files and signs; to be called off the event loops.
package struct StreamReader: Sendable {
  package enum Failure: Error {
    case feed(FeedError)
    case signing(TLSError)
    /// The place cannot be written down.
    case refused(SCIMError)
  }

  /// What was found.
  package struct Batch: Sendable {
    package fileprivate(set) var events: [Event] = []
    /// Whether there may be more behind them.
    package fileprivate(set) var hasMore = false
    /// The last record that was read.
    package fileprivate(set) var last: UInt64
    /// The place of the first event that is not acknowledged is behind this record.
    fileprivate var done: UInt64
  }

  /// Tokens in one answer.
  package static let maxTokens = 100
  /// Records that one request reads.
  private static let maxRecords: UInt64 = 5000
  private static let stretch = 100
  /// Records after which the place is written down although nothing was acknowledged.
  private static let quietRecords: UInt64 = 1000

  private let stream: TokenStream
  private let id: String
  private let feed: DirectoryFeed
  private let sender: StreamSender

  package init(_ stream: TokenStream, _ id: String, _ feed: DirectoryFeed, _ sender: StreamSender) {
    self.stream = stream
    self.id = id
    self.feed = feed
    self.sender = sender
  }

  private var key: String { WebhookNotes.prefix(.stream, id) }

  private static let context = RequestContext(
    Actor(.server), requestID: "stream", operation: "NOTE /streams/{id}")

  /// The types of which it gets events.
  package var types: Set<EventType> { stream.types }

  /// Takes acknowledgements, and reads the first events without one. The place is on disk then.
  ///
  /// - Parameter limit: of events, at most `maxTokens`; 0 for none.
  package func read(acknowledging jtis: [String], limit: Int) throws(Failure) -> Batch {
    let known = jtis.compactMap { EventID($0) }.filter { id in
      id.seq > 0 && id.seq <= feed.directory.lastOnDisk
        && id.incarnation.utf8.elementsEqual(feed.directory.incarnation(of: id.seq).utf8)
    }
    var place = place(in: feed.directory.note(key).whenDurable())
    let before = place.position
    place.acknowledge(known)
    let batch: Batch
    do throws(FeedError) { batch = try find(from: place, limit: limit) } catch {
      throw .feed(error)
    }
    if !known.isEmpty || batch.done >= before + Self.quietRecords { try save(known, batch.done) }
    return batch
  }

  private func place(in note: JSONValue?) -> StreamPlace { StreamPlace(note, start: stream.start) }

  private func find(from place: StreamPlace, limit: Int) throws(FeedError) -> Batch {
    var batch = Batch(last: place.position, done: place.position)
    var isWaiting = false
    while true {
      let found = try feed.stretch(after: batch.last, records: Self.stretch)
      if let oldest = found.oldest { throw .gone(oldest: EventID(feed.directory.incarnation, oldest, 0)) }
      for event in found.events where stream.wants(event) {
        if place.has(event.id) { continue }
        if !isWaiting { batch.done = max(batch.done, event.id.seq - 1) }
        isWaiting = true
        guard batch.events.count < limit else {
          batch.hasMore = true
          return batch
        }
        batch.events.append(event)
      }
      guard found.last > batch.last else { return batch }
      batch.last = found.last
      if !isWaiting { batch.done = found.last }
      if batch.last >= place.position + Self.maxRecords {
        batch.hasMore = batch.last < feed.directory.lastOnDisk
        return batch
      }
    }
  }

  /// Several requests may come at once: what the others wrote down stays.
  private func save(_ ids: [EventID], _ done: UInt64) throws(Failure) {
    let result = feed.directory.write(Self.context) { tx throws(SCIMError) in
      var place = place(in: tx.note(key))
      place.acknowledge(ids)
      place.advance(to: done)
      tx.note(key, place.note)
      return nil
    }
    if case .failure(let error) = result.whenDurable() { throw .refused(error) }
  }

  /// The tokens of events by their `jti`, as RFC 8936 §2.5 has them.
  package func sets(_ events: [Event]) throws(Failure) -> JSONValue {
    var sets = JSONObject()
    do throws(TLSError) {
      for event in events {
        guard let token = try sender.token(event, stream, id, feed.directory.catalog) else { continue }
        sets[event.id.description] = .string(token)
      }
    } catch { throw .signing(error) }
    return .object(sets)
  }
}
