import Platform
import Storage

/// Answers that were given, as long as they are the answer: applications ask for the same users again and again.
final class AccessMemo: Sendable {
  /// Bytes of the answers that are kept; beyond, it begins again.
  private static let maxBytes = 16 << 20

  struct Key: Hashable {
    /// Of the directory, as `AccessIndex` gives them out.
    let directory: Int
    let user: ResourceID
  }

  private struct Answers {
    var known: [Key: (stamp: AccessStamp, answer: RenderedAccess)] = [:]
    var bytes = 0
  }

  private let answers = Locked(Answers())

  func answer(_ key: Key, _ stamp: AccessStamp) -> RenderedAccess? {
    answers.withLock { answers in
      answers.known[key].flatMap { $0.stamp == stamp ? $0.answer : nil }
    }
  }

  func keep(_ answer: RenderedAccess, _ key: Key, _ stamp: AccessStamp) {
    answers.withLock { answers in
      if answers.bytes + answer.bytes.count > Self.maxBytes { answers = Answers() }
      let old = answers.known.updateValue((stamp, answer), forKey: key)
      answers.bytes += answer.bytes.count - (old?.answer.bytes.count ?? 0)
    }
  }
}
