import Client
import Exchange
import JSON

/// Why a case ends before its last step.
private enum CaseEnd: Error {
  case skipped(String)
  case blocked(String)
}

/// Plays one case.
struct CasePlayer {
  private let session: Session
  private let templates: [String: Template]
  private let pause: @Sendable (Int) -> Void
  private let isIntrusive: Bool
  private var variables: Variables
  private var failures: [CaseFailure] = []

  /// - Parameters:
  ///   - unique: begins with the run's text and differs from that of every other case.
  ///   - pause: waits for this many milliseconds.
  init(
    session: Session, facts: ServerFacts, templates: [String: Template], unique: String, isIntrusive: Bool,
    pause: @escaping @Sendable (Int) -> Void
  ) {
    self.session = session
    self.templates = templates
    self.isIntrusive = isIntrusive
    self.pause = pause
    variables = Variables([
      "run": .string(session.run), "unique": .string(unique), "password": .string(session.password),
      "base": .string("\(session.base)"), "config": facts.config, "resourceTypes": facts.resourceTypes,
      "schemas": facts.schemas,
    ])
  }

  /// Creates the given resources, then runs every step; a failed one does not stop the others.
  mutating func play(_ testCase: ConformanceCase) -> CaseResult.Outcome {
    do throws(CaseEnd) {
      for (index, given) in testCase.given.enumerated() { try make(given, number: index + 1) }
      try play(testCase.steps)
    } catch {
      switch error {
      case .skipped(let reason) where failures.isEmpty: return .skipped(reason)
      case .blocked(let reason) where failures.isEmpty: return .blocked(reason)
      case .skipped, .blocked: break
      }
    }
    return failures.isEmpty ? .passed : .failed(failures)
  }

  /// Plays the steps whose conditions hold.
  private mutating func play(_ steps: [CaseStep]) throws(CaseEnd) {
    for step in steps where step.when.allSatisfy({ $0.failure(of: .null, variables) == nil }) {
      try play(step)
    }
  }

  private mutating func play(_ step: CaseStep) throws(CaseEnd) {
    let name = (try? variables.fill(step.name)) ?? step.name
    switch step.action {
    case .send(let request, let reception):
      let request = try filled(request)
      guard let answer = try send(request, step: name) else { return }
      receive(answer, to: request, reception, step: name)
    case .walk(let walk, let reception): try self.walk(walk, reception, step: name)
    case .check(let rules): check(rules, step: name)
    case .skipUnless(let rules, let reason):
      guard rules.allSatisfy({ $0.failure(of: .null, variables) == nil }) else { throw .skipped(reason) }
    case .forEach(let list, let variable, let steps):
      let elements = try value(of: list).arrayValue ?? []
      for element in elements {
        variables.set(variable, element)
        try play(steps)
      }
    case .wait(let milliseconds): pause(milliseconds)
    }
  }

  /// Rules on variables, without a request.
  private mutating func check(_ rules: [BodyRule], step: String) {
    let reasons = rules.compactMap { $0.failure(of: .null, variables) }
    guard !reasons.isEmpty else { return }
    failures.append(
      CaseFailure(step: step, request: "", sent: "", status: nil, reasons: reasons, excerpt: ""))
  }

  // One exchange

  /// Fills in the variables; a missing one blocks the case, because an earlier step did not set it.
  private func filled(
    _ request: CaseRequest, query: [(name: String, value: JSONValue)] = []
  ) throws(CaseEnd) -> WireRequest {
    do throws(MissingVariable) {
      return try request.filled(variables, base: session.base, query: query)
    } catch {
      throw .blocked("\(request.method) \(request.path): \(error)")
    }
  }

  private func value(of template: JSONValue) throws(CaseEnd) -> JSONValue {
    do throws(MissingVariable) {
      return try variables.fill(template)
    } catch {
      throw .blocked("\(error)")
    }
  }

  /// Nil, and a failure, if there was no answer.
  private mutating func send(_ request: WireRequest, step: String) throws(CaseEnd) -> Answer? {
    do throws(SessionError) {
      return try session.send(request, isIntrusive: isIntrusive)
    } catch {
      switch error {
      case .refused(let reason): throw .blocked(reason)
      case .noOtherKey: throw .skipped("needs otherKey")
      case .ended(let reason): throw .blocked(reason)
      case .noAnswer(let error):
        failures.append(CaseFailure(request, nil, step: step, reasons: ["\(error)"]))
        return nil
      }
    }
  }

  /// Keeps what a step wants from an answer, and records unmet expectations; any of several alternatives is enough.
  private mutating func receive(
    _ answer: Answer, to request: WireRequest, _ reception: Reception, step: String
  ) {
    if let keep = reception.keep { variables.keep(keep, answer) }
    var reasons: [String] = []
    for (variable, pointer) in reception.capture {
      if let value = answer.json.flatMap({ pointer.values(in: $0).first }) {
        variables.set(variable, value)
      } else {
        reasons.append("\(pointer): expected a value, got nothing")
      }
    }
    let alternatives = reception.expect.map { $0.failures(of: answer, variables) }
    if !alternatives.contains(where: \.isEmpty) {
      reasons += alternatives.enumerated().flatMap { index, failures in
        failures.map { alternatives.count > 1 ? "alternative \(index + 1): \($0)" : $0 }
      }
    }
    guard !reasons.isEmpty else { return }
    failures.append(CaseFailure(request, answer, step: step, reasons: reasons))
  }
}

// Set-up
extension CasePlayer {
  /// Creates a resource for the case; if the server refuses it, the case is blocked and not failed.
  private mutating func make(_ given: Given, number: Int) throws(CaseEnd) {
    guard let template = templates[given.template] else {
      throw .blocked("the template \"\(given.template)\" does not exist")
    }
    let unique = try value(of: "${unique}")
    variables.set("unique", try value(of: .string("${unique}g\(number)")))
    defer { variables.set("unique", unique) }
    let body = try value(of: given.body(from: template))
    let request = WireRequest(
      method: "POST", path: template.endpoint, fields: [], body: body.serialized(), key: .run)
    guard let answer = try send(request, step: "given \(given.name)") else { return }
    guard (200..<300).contains(answer.response.status) else {
      throw .blocked(
        "POST \(template.endpoint) for \"\(given.name)\" was answered \(answer.response.status): \(answer.excerpt)"
      )
    }
    variables.keep(given.name, answer)
    var resource = body.objectValue ?? [:]
    for member in try representation(answer).members { resource[member.name] = member.value }
    resource["password"] = nil
    variables.set(given.name, .object(resource))
  }

  /// The new resource; read if the answer did not contain it (RFC 7644 §3.3: it SHOULD).
  private mutating func representation(_ answer: Answer) throws(CaseEnd) -> JSONObject {
    if let json = answer.json?.objectValue, json["id"] != nil { return json }
    guard let location = answer.response.field("Location") else {
      throw .blocked("a created resource has neither id nor Location")
    }
    let request = WireRequest(
      method: "GET", path: session.base.path(of: location), fields: [], body: nil, key: .run)
    return try send(request, step: "read the created resource")?.json?.objectValue ?? [:]
  }
}

// All pages of a list
extension CasePlayer {
  private static let maxPages = 10_000

  /// Follows the pages to the end, and treats them as one answer.
  private mutating func walk(_ walk: Walk, _ reception: Reception, step: String) throws(CaseEnd) {
    var pages = PageCollection(method: walk.method)
    var last: (request: WireRequest, answer: Answer)?
    while let next = pages.next {
      let request = try page(next, of: walk)
      guard let answer = try send(request, step: step) else { return }
      last = (request, answer)
      if let problem = pages.add(answer, limit: Self.maxPages) {
        failures.append(CaseFailure(request, answer, step: step, reasons: [problem]))
        return
      }
    }
    guard let last else { return }
    let all = ClientResponse(
      status: last.answer.response.status, fields: last.answer.response.fields,
      body: pages.json.serialized())
    receive(Answer(all), to: last.request, reception, step: step)
  }

  /// The request for one page, by query parameter or, for a search, in the body.
  private func page(_ position: JSONValue, of walk: Walk) throws(CaseEnd) -> WireRequest {
    let name = walk.method.rawValue
    guard case .json(.object(var body)) = walk.request.body else {
      return try filled(walk.request, query: [(name, position)])
    }
    body[name] = position
    return try filled(walk.request.with(body: .json(.object(body))))
  }
}
