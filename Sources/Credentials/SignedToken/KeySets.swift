import Dispatch
import Platform
import TLS

/// The public keys that signed tokens are verified with, read from their sets when they are first needed.
///
/// A set at a URL is read again in the background after a day, and at once for a key that it does not have, but not more
/// than once a minute; while it cannot be read, the last one is good for a week. No event loop waits: sets are read on
/// threads of their own, and whoever asks gets an answer later.
package final class KeySets: Sendable {
  /// Reads a set from its URL; blocks. The error is a sentence without a full stop.
  package typealias Fetch = @Sendable (_ url: String) throws(FetchFault) -> [UInt8]

  package struct FetchFault: Error {
    let reason: String

    package init(_ reason: String) { self.reason = reason }
  }

  /// What is known of a set, for administrators.
  package struct State: Sendable {
    /// Seconds since the keys were read; nil if they were not.
    package let age: Int?
    /// Usable keys.
    package let count: Int
    /// Why the last attempt failed; nil if it did not.
    package let failure: String?
  }

  /// Sets that are kept; beyond, the one that nobody has asked for longest is forgotten.
  static let maxSets = 1000

  private let fetch: Fetch
  private let clock: @Sendable () -> UInt64
  private let entries = Locked<[KeyDigest: KeySetEntry]>([:])
  /// A URL that hangs holds up one of them.
  private let threads = (0..<4).map { DispatchQueue(label: "scimd.keysets.\($0)") }
  /// How many reads each thread has.
  private let load = Locked([0, 0, 0, 0])

  /// - Parameter clock: nanoseconds of the monotonic clock.
  package init(clock: @escaping @Sendable () -> UInt64, fetch: @escaping Fetch) {
    self.clock = clock
    self.fetch = fetch
  }

  /// Finds the public key that a token is signed with. Answers on this thread if the set is known, and otherwise later
  /// on another one.
  func find(
    _ keyID: String?, _ algorithm: SignatureAlgorithm, in source: SignedTokenTrust.Keys,
    answer: @escaping @Sendable (KeySetEntry.Answer) -> Void
  ) {
    let question = KeySetEntry.Question(keyID: keyID, algorithm: algorithm, answer: answer)
    let (name, now) = (source.digest, clock())
    let step = entries.withLock { entries in
      if entries[name] == nil, entries.count >= Self.maxSets { Self.makeRoom(&entries) }
      return entries[name, default: KeySetEntry(source)].ask(question, at: now)
    }
    if step.reads { read(source) }
    if let found = step.answer { answer(found) }
  }

  /// What is known of a set; it is not read for that.
  package func state(of source: SignedTokenTrust.Keys) -> State {
    let (entry, now) = (entries.withLock { $0[source.digest] }, clock())
    return State(
      age: entry?.age(at: now), count: entry?.set?.keys.count ?? 0, failure: entry?.failure)
  }

  private static func makeRoom(_ entries: inout [KeyDigest: KeySetEntry]) {
    let oldest = entries.filter { !$0.value.isReading }.min { $0.value.asked < $1.value.asked }
    if let oldest { entries[oldest.key] = nil }
  }

  /// Reads a set on the thread that has least to do.
  private func read(_ source: SignedTokenTrust.Keys) {
    let thread = load.withLock { load -> Int in
      let thread = load.indices.min { load[$0] < load[$1] } ?? 0
      load[thread] += 1
      return thread
    }
    threads[thread].async { @Sendable [self] in
      let result = Result { () throws(JSONWebKeySet.Fault) in try keys(of: source) }
      load.withLock { $0[thread] -= 1 }
      let now = clock()
      let answers = entries.withLock { $0[source.digest]?.take(result, at: now) ?? [] }
      for (question, answer) in answers { question.answer(answer) }
    }
  }

  private func keys(of source: SignedTokenTrust.Keys) throws(JSONWebKeySet.Fault) -> JSONWebKeySet {
    switch source {
    case .set(let text): return try JSONWebKeySet(Array(text.utf8))
    case .url(let url):
      let bytes: [UInt8]
      do throws(FetchFault) { bytes = try fetch(url) } catch { throw JSONWebKeySet.Fault(error.reason) }
      return try JSONWebKeySet(bytes)
    }
  }
}

extension SignedTokenTrust.Keys {
  /// By which the set is found again; the two kinds never have the same.
  fileprivate var digest: KeyDigest {
    switch self {
    case .url(let url): KeyDigest(of: Array("url \(url)".utf8)[...])
    case .set(let text): KeyDigest(of: Array("set \(text)".utf8)[...])
    }
  }
}
