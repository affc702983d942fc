import TLS

/// What is known of one set of public keys, and who waits for it: decides when the set is read again.
struct KeySetEntry {
  typealias Answer = Result<PKey, SignedTokenFault>

  /// Which key somebody asks for.
  struct Question: Sendable {
    let keyID: String?
    let algorithm: SignatureAlgorithm
    let answer: @Sendable (Answer) -> Void
  }

  /// What follows from a question.
  struct Step {
    /// Nil if the question waits for the set.
    let answer: Answer?
    /// Whether the set must be read now.
    let reads: Bool
  }

  private static let second: UInt64 = 1_000_000_000
  /// Between two attempts, in nanoseconds as the other spans.
  static let pause = 60 * second
  /// After that a set is read again in the background.
  static let fresh = 86_400 * second
  /// After that it is not used any more.
  static let stale = 7 * fresh
  static let maxWaiting = 100

  let source: SignedTokenTrust.Keys
  private(set) var set: JSONWebKeySet?
  /// Why the last attempt failed; nil if it did not.
  private(set) var failure: String?
  /// When the set was read, in nanoseconds of the monotonic clock.
  private var read: UInt64 = 0
  /// When the last attempt began.
  private var tried: UInt64?
  private(set) var isReading = false
  private var waiting: [Question] = []
  /// When the last question came.
  private(set) var asked: UInt64 = 0

  init(_ source: SignedTokenTrust.Keys) { self.source = source }

  /// Seconds since the set was read; nil before that.
  func age(at now: UInt64) -> Int? { set == nil ? nil : Int(Self.span(from: read, to: now) / Self.second) }

  /// Answers a question from what is known, or keeps it until the set is read.
  mutating func ask(_ question: Question, at now: UInt64) -> Step {
    asked = now
    if source.isRemote, set != nil, Self.span(from: read, to: now) > Self.stale { set = nil }
    guard let set else {
      return later(question, now) ?? Step(answer: .failure(unavailable), reads: false)
    }
    let search = set.key(question.keyID, for: question.algorithm)
    guard source.isRemote else { return Step(answer: answer(search, question), reads: false) }
    if case .unknown = search, let step = later(question, now) { return step }
    let isOld = Self.span(from: read, to: now) > Self.fresh && mayRead(now)
    if isOld { begin(now) }
    return Step(answer: answer(search, question), reads: isOld)
  }

  /// Takes the result of an attempt. Returns the questions that waited for it, each with its answer.
  mutating func take(
    _ result: Result<JSONWebKeySet, JSONWebKeySet.Fault>, at now: UInt64
  ) -> [(question: Question, answer: Answer)] {
    isReading = false
    switch result {
    case .success(let set):
      self.set = set
      read = now
      failure = nil
    case .failure(let fault): failure = fault.reason
    }
    let questions = waiting
    waiting = []
    return questions.map { question in
      guard let set else { return (question, .failure(unavailable)) }
      return (question, answer(set.key(question.keyID, for: question.algorithm), question))
    }
  }

  private func mayRead(_ now: UInt64) -> Bool {
    !isReading && tried.map { Self.span(from: $0, to: now) >= Self.pause } ?? true
  }

  /// 0 if another thread has looked at the clock later.
  private static func span(from start: UInt64, to end: UInt64) -> UInt64 { end > start ? end - start : 0 }

  private mutating func begin(_ now: UInt64) {
    isReading = true
    tried = now
  }

  /// Keeps the question for the attempt that is under way, or for a new one; nil if it is too soon for one.
  private mutating func later(_ question: Question, _ now: UInt64) -> Step? {
    let reads = mayRead(now)
    guard reads || isReading, waiting.count < Self.maxWaiting else { return nil }
    if reads { begin(now) }
    waiting.append(question)
    return Step(answer: nil, reads: reads)
  }

  private func answer(_ search: JSONWebKeySet.Search, _ question: Question) -> Answer {
    switch search {
    case .found(let key): return .success(key)
    case .unusable(let reason):
      return .failure(SignedTokenFault(.signedTokenKey, "In \(source.place) \(reason)."))
    case .unknown:
      let wanted = question.keyID.map { "The key \($0.quotedBriefly)" } ?? "A key"
      let trouble = failure.map { ", and they cannot be read again: \($0)" } ?? ""
      return .failure(
        SignedTokenFault(
          .signedTokenKey,
          "\(wanted) for \(question.algorithm.rawValue) is not among the \(set?.keys.count ?? 0) usable keys of "
            + "\(source.place)\(trouble)."))
    }
  }

  private var unavailable: SignedTokenFault {
    SignedTokenFault(
      .signedTokenKeysUnavailable,
      "The keys of \(source.place) cannot be read: \(failure ?? "too many requests wait for them").")
  }
}

extension SignedTokenTrust.Keys {
  /// Whether they can change.
  var isRemote: Bool {
    if case .url = self { true } else { false }
  }

  /// For people.
  var place: String {
    switch self {
    case .url(let url): url
    case .set: "the registered set"
    }
  }
}
