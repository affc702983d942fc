import Client
import Exchange
import JSON

/// The exchanges of one run: sends, remembers what was made, and checks every answer against the rules for all.
final class Session {
  let base: ClientBase
  let run: String
  let password: String
  private(set) var own: OwnResources
  private(set) var exchanges = 0
  /// For each rule of all answers: what was wrong, at most some of them, and how often.
  private(set) var violations: [String: (count: Int, first: [CaseFailure])] = [:]
  let rules: [AnswerRule]

  private let clients: [CaseRequest.Key: HTTPClient]
  private let key: String?
  private let isInterrupted: @Sendable () -> Bool
  private var lost: String?

  init(target: ConformanceTarget, run: String, isInterrupted: @escaping @Sendable () -> Bool) {
    base = target.base
    self.run = run
    password = "Pw-\(run)-9z"
    own = OwnResources(base: target.base, run: run)
    rules = AnswerRule.all(password: password)
    var clients: [CaseRequest.Key: HTTPClient] = [
      .run: HTTPClient(base: target.base, token: target.key),
      .none: HTTPClient(base: target.base, token: nil),
    ]
    if let key = target.otherKey { clients[.other] = HTTPClient(base: target.base, token: key) }
    clients[.lowercase] = clients[.run]
    self.clients = clients
    key = target.key
    self.isInterrupted = isInterrupted
  }

  /// Why only clean-up requests will be sent; nil while the run continues.
  var end: String? { isInterrupted() ? "interrupted" : lost }

  /// - Parameter isIntrusive: whether PUT, PATCH and DELETE may go to collections and discovery endpoints.
  func send(_ request: WireRequest, isIntrusive: Bool = false) throws(SessionError) -> Answer {
    if let end { throw .ended(end) }
    if let refusal = own.refusal(of: request, isIntrusive: isIntrusive) { throw .refused(refusal) }
    let answer = try exchange(request)
    for rule in rules {
      guard let violation = rule.violation(request, answer) else { continue }
      var (count, first) = violations[rule.id] ?? (0, [])
      count += 1
      if first.count < 3 { first.append(CaseFailure(request, answer, reasons: [violation])) }
      violations[rule.id] = (count, first)
    }
    return answer
  }

  /// Deletes the resources created since `mark`, newest first; those that cannot be deleted stay in the list.
  func cleanUp(to mark: Int) {
    for resource in own.present.dropFirst(mark).reversed() {
      _ = try? exchange(
        WireRequest(method: "DELETE", path: resource.path, fields: [], body: nil, key: resource.key))
    }
  }

  /// Takes over the resources that a filter finds and that satisfy `isOwn`: those of answers that were lost.
  func adopt(_ endpoint: String, filter: String, isOwn: (JSONValue) -> Bool) {
    let request = WireRequest(
      method: "GET", path: "\(endpoint)?filter=\(filter)", fields: [], body: nil, key: .run)
    guard let answer = try? exchange(request) else { return }
    for resource in answer.json?["Resources"]?.arrayValue ?? [] where isOwn(resource) {
      if let id = resource["id"]?.stringValue { own.adopt("\(endpoint)/\(PercentEncoding.encode(id))") }
    }
  }

  private func exchange(_ request: WireRequest) throws(SessionError) -> Answer {
    guard let client = clients[request.key] else { throw .noOtherKey }
    exchanges += 1
    var fields = request.fields.map { ($0.name, $0.value) }
    if request.key == .lowercase, let key { fields.append(("Authorization", "bearer \(key)")) }
    do throws(ClientError) {
      let answer = Answer(
        try client.send(method: request.method, path: request.path, fields: fields, body: request.body))
      own.note(request, answer)
      return answer
    } catch {
      if case .unreachable = error { lost = "\(error)" }
      throw .noAnswer(error)
    }
  }
}
