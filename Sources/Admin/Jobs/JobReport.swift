package import JSON
package import SCIM
import Storage
import Transfer

/// A job as an administrator sees it.
package struct JobReport: Sendable {
  package let id: String
  /// The directory that it works in.
  package let directory: String
  package let created: DateTime
  package let job: JobDescription
}

extension JobReport {
  /// Nil if the resource has no job's document.
  init?(_ change: AdministrativeChange, in directory: String) {
    guard let job = change.document.flatMap({ JobDescription($0) }) else { return nil }
    self.init(
      id: change.id.text, directory: directory, created: DateTime(milliseconds: change.created), job: job)
  }

  package var json: JSONValue {
    var object: JSONObject = [
      "id": .string(id), "kind": .string(job.kind.rawValue), "state": .string(job.state.rawValue),
      "directory": .string(directory), "target": .string(job.target), "targetName": .string(job.targetName),
      "users": .string(job.users.rawValue), "total": .integer(Int64(job.total)),
      "done": .integer(Int64(job.done)), "created": .string(created.description),
    ]
    if job.skipped > 0 { object["skipped"] = .integer(Int64(job.skipped)) }
    if let from = job.from { object["from"] = .string(from) }
    if let ending = job.ending { object["ending"] = .string(ending.rawValue) }
    if let command = job.command { object["command"] = .string(command) }
    if let error = job.error { object["error"] = .string(error) }
    if let ended = job.ended { object["ended"] = .string(ended.description) }
    if let importing = job.importing { object["import"] = importing.report.json }
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    let kind = try reader.text("kind")
    let state = try reader.text("state")
    guard let known = JobDescription.Kind(rawValue: kind), let now = JobDescription.State(rawValue: state)
    else {
      throw AdminProblem(
        .invalidMember, "The kind \"\(kind)\" or the state \"\(state)\" is unknown.", at: "/kind")
    }
    var job = JobDescription(
      known, target: try reader.text("target"), targetName: try reader.text("targetName"),
      users: JobDescription.Users(rawValue: try reader.text("users")) ?? .keep,
      command: try reader.optionalText("command"), total: try reader.integer("total"))
    job.state = now
    job.done = try reader.integer("done")
    job.skipped = try reader.optionalInteger("skipped") ?? 0
    job.from = try reader.optionalText("from")
    job.ending = try reader.optionalText("ending").flatMap(JobDescription.State.init)
    job.error = try reader.optionalText("error")
    job.ended = try reader.optionalTime("ended")
    if let json = reader.optionalJSON("import") {
      job.importing = ImportIntent(
        ImportOptions(), try ImportReport(try ObjectReader(json, at: "/import")))
    }
    self.init(
      id: try reader.text("id"), directory: try reader.text("directory"), created: try reader.time("created"),
      job: job)
  }

  static let schema = AdminSchema.object([
    .init("id", .text), .init("kind", .text), .init("state", .text), .init("directory", .text),
    .init("target", .text), .init("targetName", .text), .init("users", .text),
    .init("from", .text, optional: true), .init("command", .text, optional: true), .init("total", .integer),
    .init("done", .integer),
    .init("skipped", .integer, optional: true), .init("ending", .text, optional: true),
    .init("error", .text, optional: true), .init("created", .time), .init("ended", .time, optional: true),
    .init("import", ImportReport.schema, optional: true),
  ])
}
