import Admin
import Glibc
import JSON

/// Waits for the end of a job that a command has begun.
enum JobWait {
  static let option = Command.Option(name: "no-wait", help: "Do not wait for the job to end.")

  /// Waits for the job to end, and shows its progress.
  static func end(
    of job: JobReport, _ client: AdminClient, _ console: Console
  ) throws(CommandError) -> (JSONValue, JobReport) {
    // A key of one directory requests the jobs of that directory.
    let request =
      job.job.kind == .deleteDirectory
      ? AdminRequest.root("GET", "jobs", job.id) : .directory(job.directory, "GET", ["jobs", job.id])
    var shown = -1
    while true {
      let (json, now) = try client.send(request) { reader throws(AdminProblem) in try JobReport(reader) }
      if now.job.state != .running { return (json, now) }
      if now.job.done != shown { console.progress("\(now.job.done) of \(now.job.total) ...") }
      shown = now.job.done
      usleep(200_000)
    }
  }

  /// Waits for the job of an answer, unless --no-wait is given; nil without a job, or if nobody waits.
  ///
  /// - Returns: the answer with the job as it ended, and that job.
  static func ended(
    _ job: JobReport?, in json: JSONValue, _ invocation: Invocation, _ client: AdminClient, _ console: Console
  ) throws(CommandError) -> (JSONValue, JobReport)? {
    guard let job, !invocation.has(option.name) else { return nil }
    let (end, ended) = try end(of: job, client, console)
    return (replacing(job: end, in: json), ended)
  }

  /// `json` with the job as it is now.
  static func replacing(job: JSONValue, in json: JSONValue) -> JSONValue {
    guard case .object(var object) = json else { return json }
    object["job"] = job
    return .object(object)
  }
}
