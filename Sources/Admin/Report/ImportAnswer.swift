package import JSON
package import Transfer

/// The result of an import or its dry run, or the job that carries it out.
package struct ImportAnswer: Sendable {
  package var report: ImportReport
  /// Nil if everything is done.
  package var job: JobReport?

  init(_ report: ImportReport, job: JobReport? = nil) {
    self.report = report
    self.job = job
  }

  package var json: JSONValue {
    guard let job, case .object(var object) = report.json else { return report.json }
    object["job"] = job.json
    return .object(object)
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    report = try ImportReport(reader)
    if let job = reader.optionalJSON("job") { self.job = try JobReport(try ObjectReader(job, at: "/job")) }
  }

  static let schema = AdminSchema.object(
    ImportReport.members + [.init("job", JobReport.schema, optional: true)])
}
