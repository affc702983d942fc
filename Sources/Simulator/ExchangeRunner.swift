package import Client
import JSON

/// Plays scripts against a server, one request after the other.
package struct ExchangeRunner {
  private let client: HTTPClient
  private let run: String

  /// - Parameter run: letters and digits that make names unlike those of every other run.
  package init(client: HTTPClient, run: String) {
    self.client = client
    self.run = run
  }

  /// Plays the whole script: a failed expectation does not stop it, a lost server stops all but clean-up.
  /// - Parameter onStep: told of every step as it ends.
  package func run(_ script: ExchangeScript, onStep: (StepResult) -> Void = { _ in }) -> ExchangeReport {
    var variables = Variables(["run": .string(run)])
    if let token = client.token { variables.set("token", .string(token)) }
    var lost: String?
    var results: [StepResult] = []
    for step in script.steps {
      let result = play(step, &variables, &lost)
      onStep(result)
      results.append(result)
    }
    return ExchangeReport(script: script.name, steps: results)
  }

  private func play(_ step: ExchangeStep, _ variables: inout Variables, _ lost: inout String?) -> StepResult {
    let template = "\(step.request.method) \(step.request.path)"
    func result(_ outcome: StepResult.Outcome) -> StepResult {
      StepResult(name: step.name, request: template, status: nil, outcome: outcome, excerpt: "")
    }
    if let lost, !step.isCleanup { return result(.skipped(lost)) }
    do {
      return try answer(step, &variables)
    } catch let error as MissingVariable {
      if step.isCleanup { return result(.needless) }
      return result(.skipped("no step has given ${\(error.name)}"))
    } catch {
      lost = "\(error)"
      return result(.failed(["\(error)"]))
    }
  }

  private func answer(_ step: ExchangeStep, _ variables: inout Variables) throws -> StepResult {
    let path = try variables.fill(step.request.path)
    let fields = try step.request.fields.map { ($0.name, try variables.fill($0.value)) }
    let response = try client.send(
      method: step.request.method, path: path, fields: fields, body: try body(of: step.request, variables))
    let json = try? response.json()
    for (variable, pointer) in step.capture {
      if let value = json.flatMap({ pointer.values(in: $0).first }) { variables.set(variable, value) }
    }
    let failures = try failures(of: response, json: json, step, variables)
    return StepResult(
      name: step.name, request: "\(step.request.method) \(path)", status: response.status,
      outcome: failures.isEmpty ? .passed : .failed(failures),
      excerpt: String(decoding: response.body.prefix(600), as: UTF8.self))
  }

  private func body(of request: ExchangeRequest, _ variables: Variables) throws -> [UInt8]? {
    switch request.body {
    case .none: nil
    case .json(let value): try variables.fill(value).serialized()
    case .text(let text): Array(try variables.fill(text).utf8)
    }
  }

  private func failures(
    of response: ClientResponse, json: JSONValue?, _ step: ExchangeStep, _ variables: Variables
  ) throws -> [String] {
    var failures: [String] = []
    let statuses = step.expect.statuses
    if !statuses.isEmpty, !statuses.contains(response.status) {
      let wanted = statuses.map { "\($0)" }.joined(separator: " or ")
      failures.append("expected status \(wanted), got \(response.status)")
    }
    for rule in step.expect.fields {
      if let failure = try rule.failure(of: response.field(rule.name), variables) { failures.append(failure) }
    }
    if !step.expect.body.isEmpty, json == nil { failures.append("expected JSON, got none") }
    for rule in json == nil ? [] : step.expect.body {
      if let failure = try rule.failure(of: json ?? .null, variables) { failures.append(failure) }
    }
    let successful = statuses.isEmpty || statuses.contains { $0 < 300 }
    for (variable, pointer) in step.capture where successful {
      if json.map({ pointer.values(in: $0).isEmpty }) ?? true {
        failures.append("\(pointer): expected a value for ${\(variable)}, got nothing")
      }
    }
    return failures
  }
}
