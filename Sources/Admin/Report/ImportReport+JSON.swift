package import Transfer

extension ImportReport {
  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init()
    isApplied = try reader.boolean("applied")
    lines = try reader.integer("lines")
    created = try reader.integer("created")
    updated = try reader.integer("updated")
    unchanged = try reader.integer("unchanged")
    skipped = try reader.integer("skipped")
    invalid = try reader.integer("invalid")
    errors = try reader.objects("errors") { (reader) throws(AdminProblem) in
      ImportError(line: try reader.integer("line"), try reader.text("error"))
    }
  }

  static let schema = AdminSchema.object(members)

  static let members: [AdminSchema.Member] = [
    .init("applied", .boolean), .init("lines", .integer), .init("created", .integer),
    .init("updated", .integer), .init("unchanged", .integer), .init("skipped", .integer),
    .init("invalid", .integer),
    .init("errors", .list(.object([.init("line", .integer), .init("error", .text)]))),
  ]
}
