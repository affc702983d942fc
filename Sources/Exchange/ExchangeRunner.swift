package import Client
import JSON

/// Plays scripts against a server, one request after the other.
package struct ExchangeRunner {
  private let client: HTTPClient
  private let run: String
  /// Clients with the script's keys, by their names.
  private let keyed: [String: HTTPClient]
  private let directory: String

  /// - Parameters:
  ///   - run: letters and digits that make names unlike those of every other run.
  ///   - keyed: clients of the server's root for the keys that a script names.
  ///   - directory: what `${directory}` is: the one that these keys belong to.
  package init(
    client: HTTPClient, run: String, keyed: [String: HTTPClient] = [:], directory: String = ""
  ) {
    self.client = client
    self.run = run
    self.keyed = keyed
    self.directory = directory
  }

  /// Runs the whole script: a failed expectation does not stop it, a lost server stops everything but clean-up.
  /// - Parameter onStep: called for every step as it ends.
  package func run(_ script: ExchangeScript, onStep: (StepResult) -> Void = { _ in }) -> ExchangeReport {
    var variables = Variables(["run": .string(run), "directory": .string(directory)])
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

  /// Plays one step. An error of the connection is kept in `lost`, and the steps after it are skipped.
  private func play(_ step: ExchangeStep, _ variables: inout Variables, _ lost: inout String?) -> StepResult {
    let template = "\(step.request.method) \(step.request.path)"
    func result(_ outcome: StepResult.Outcome) -> StepResult {
      StepResult(name: step.name, request: template, status: nil, outcome: outcome, excerpt: "")
    }
    if let lost, !step.isCleanup { return result(.skipped(lost)) }
    if let key = step.request.key, keyed[key] == nil { return result(.failed(["no key \(key) was made"])) }
    do {
      return try answer(step, &variables)
    } catch let error as MissingVariable {
      if step.isCleanup { return result(.needless) }
      return result(.skipped("no step has set ${\(error.name)}"))
    } catch {
      lost = "\(error)"
      return result(.failed(["\(error)"]))
    }
  }

  /// Sends the request of a step, captures variables, and compares the answer; throws `MissingVariable` or
  /// `ClientError`.
  private func answer(_ step: ExchangeStep, _ variables: inout Variables) throws -> StepResult {
    let path = try variables.fill(step.request.path)
    let fields = try step.request.fields.map { ($0.name, try variables.fill($0.value)) }
    let client = step.request.key.flatMap { keyed[$0] } ?? client
    let answer = Answer(
      try client.send(
        method: step.request.method, path: path, fields: fields,
        body: try step.request.body.bytes(variables)))
    for (variable, pointer) in step.capture {
      if let value = answer.json.flatMap({ pointer.values(in: $0).first }) { variables.set(variable, value) }
    }
    let failures = failures(of: answer, step, variables)
    return StepResult(
      name: step.name, request: "\(step.request.method) \(path)", status: answer.response.status,
      outcome: failures.isEmpty ? .passed : .failed(failures), excerpt: answer.excerpt)
  }

  /// Unmet expectations. A value to capture must exist only if the step expects a success.
  private func failures(of answer: Answer, _ step: ExchangeStep, _ variables: Variables) -> [String] {
    var failures = step.expect.failures(of: answer, variables)
    let statuses = step.expect.statuses
    let successful = statuses.isEmpty || statuses.contains { $0 < 300 }
    for (variable, pointer) in step.capture where successful {
      if answer.json.map({ pointer.values(in: $0).isEmpty }) ?? true {
        failures.append("\(pointer): expected a value for ${\(variable)}, got nothing")
      }
    }
    return failures
  }
}
