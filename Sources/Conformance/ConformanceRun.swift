import Client
import Exchange
import JSON

/// Runs cases against one server and deletes the resources they created.
package struct ConformanceRun {
  private let session: Session
  private let templates: [String: Template]
  private let isIntrusive: Bool
  private let pause: @Sendable (Int) -> Void
  package let facts: ServerFacts

  /// Reads the discovery endpoints.
  /// - Parameters:
  ///   - run: lower-case letters and digits, unlike those of every other run.
  ///   - isIntrusive: whether PUT, PATCH and DELETE may go to collections and discovery endpoints.
  ///   - isInterrupted: called before every exchange; once true, only clean-up is sent.
  ///   - pause: waits for this many milliseconds.
  package init(
    _ target: ConformanceTarget, suite: ConformanceSuite, run: String, isIntrusive: Bool,
    isInterrupted: @escaping @Sendable () -> Bool, pause: @escaping @Sendable (Int) -> Void
  ) throws(ConformanceProblem) {
    session = Session(target: target, run: run, isInterrupted: isInterrupted)
    templates = suite.templates
    self.isIntrusive = isIntrusive
    self.pause = pause
    facts = try Self.facts(session, hasOtherKey: target.otherKey != nil, isIntrusive: isIntrusive)
  }

  /// Plays the groups in order; after the server is lost or the run interrupted, the rest is left unjudged.
  /// - Parameter onResult: called for every case as it ends.
  package func play(
    _ groups: [ConformanceGroup], onResult: (CaseResult) -> Void = { _ in }
  ) -> ConformanceReport {
    var results: [CaseResult] = []
    for group in groups {
      for testCase in group.cases {
        let result = CaseResult(
          ids: testCase.ids, group: group.number, level: testCase.level, title: testCase.title,
          outcome: play(testCase, number: results.count + 1))
        onResult(result)
        results.append(result)
      }
    }
    let sweep = LeftoverSweep(session: session, facts: facts)
    return ConformanceReport(
      base: "\(session.base)", run: session.run, features: facts.features, exchanges: session.exchanges,
      titles: groups.map { ($0.number, $0.title) }, results: results + ruleResults(),
      leftovers: sweep.leftovers(), end: session.end)
  }

  /// Plays a case and deletes what it created.
  private func play(_ testCase: ConformanceCase, number: Int) -> CaseResult.Outcome {
    if let end = session.end { return .blocked(end) }
    if let lack = testCase.needs.lazy.compactMap({ facts.lack(of: $0) }).first { return .skipped(lack) }
    let needsIntrusion = testCase.needs.contains {
      if case .feature(.intrusive, isPresent: true) = $0 { true } else { false }
    }
    var player = CasePlayer(
      session: session, facts: facts, templates: templates, unique: "\(session.run)c\(number)z",
      isIntrusive: needsIntrusion && isIntrusive, pause: pause)
    let mark = session.own.present.count
    let outcome = player.play(testCase)
    session.cleanUp(to: mark)
    return outcome
  }

  /// The rules for all answers as cases of a group of their own.
  private func ruleResults() -> [CaseResult] {
    session.rules.map { rule in
      let outcome: CaseResult.Outcome =
        session.violations[rule.id].map { .failed($0.first.noting(count: $0.count)) } ?? .passed
      return CaseResult(
        ids: [rule.id], group: ConformanceReport.everyAnswer, level: rule.level, title: rule.title,
        outcome: outcome)
    }
  }

  /// Reads the discovery documents; throws if the server cannot be reached or refuses the key.
  private static func facts(
    _ session: Session, hasOtherKey: Bool, isIntrusive: Bool
  ) throws(ConformanceProblem) -> ServerFacts {
    let probe = try get("/Users?count=1", session)
    if [401, 403].contains(probe.response.status) { throw .badKey(status: probe.response.status) }
    var documents: [JSONValue?] = []
    for path in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
      let answer = try get(path, session)
      documents.append(answer.response.status == 200 ? answer.json : nil)
    }
    var facts = ServerFacts(config: documents[0], resourceTypes: documents[1], schemas: documents[2])
    if hasOtherKey { facts.features.insert(.otherKey) }
    if isIntrusive { facts.features.insert(.intrusive) }
    if [200, 308].contains(try get("/Me", session).response.status) { facts.features.insert(.me) }
    return facts
  }

  private static func get(_ path: String, _ session: Session) throws(ConformanceProblem) -> Answer {
    do throws(SessionError) {
      return try session.send(WireRequest(method: "GET", path: path, fields: [], body: nil, key: .run))
    } catch .noAnswer(let error) {
      throw .unreachable(error)
    } catch {
      throw .interrupted
    }
  }
}

extension [CaseFailure] {
  /// The failures, with a note if there were more.
  fileprivate func noting(count: Int) -> [CaseFailure] {
    guard count > self.count else { return self }
    let more = CaseFailure(
      step: "and \(count - self.count) more answers", request: "", sent: "", status: nil, reasons: [],
      excerpt: "")
    return self + [more]
  }
}
