import JSON
package import SCIM
package import Storage

/// Brings resources into a directory from lines of text.
///
/// All lines are one change, made when every one of them is right; with `isPartial`, those that are right are made in
/// batches. A line means the resource with its id, else the user with its userName or the only group with its
/// displayName; where there is none it is created, under its own id if it has one. Members may come later in the file.
/// Resources are made in the order of the lines, then memberships.
package struct ImportJob: Sendable {
  /// Lines of one record where others may fail.
  private static let batch = 1000

  private let directory: Directory
  private let options: ImportOptions
  private let reader: ImportReader

  /// Reads all lines.
  package init(_ bytes: [UInt8], _ options: ImportOptions, _ directory: Directory) {
    self.directory = directory
    self.options = options
    reader = ImportReader(bytes, options, directory.catalog)
  }

  /// Blocks until what it did is on disk. Throws where the directory takes no change at all.
  package func run(_ context: RequestContext) throws(SCIMError) -> ImportReport {
    var report = ImportReport()
    report.lines = reader.count
    for error in reader.errors { report.add(error) }
    if options.isPartial, !options.isDryRun { return try runPartial(context, report) }
    let start = report
    return try directory.importing(context) { tx throws(SCIMError) in
      var run = Run(report: start, conflict: options.conflict)
      for line in reader.lines { run.make(line, &tx) }
      for line in reader.lines { run.connect(line, &tx) }
      let isWanted = !options.isDryRun && run.report.invalid == 0
      run.report.isApplied = isWanted
      return (run.report, isWanted)
    }.whenDurable().get()
  }

  private func runPartial(
    _ context: RequestContext, _ start: ImportReport
  ) throws(SCIMError) -> ImportReport {
    var run = Run(report: start, conflict: options.conflict)
    for isConnecting in [false, true] {
      var rest = reader.lines[...]
      while !rest.isEmpty {
        let lines = rest.prefix(Self.batch)
        rest = rest.dropFirst(Self.batch)
        let before = run
        run = try directory.importing(context) { tx throws(SCIMError) in
          var run = before
          for line in lines {
            if isConnecting { run.connect(line, &tx) } else { run.make(line, &tx) }
          }
          return (run, true)
        }.whenDurable().get()
      }
    }
    run.report.isApplied = true
    return run.report
  }
}

/// The lines carried out so far.
private struct Run: Sendable {
  private enum Outcome {
    case created, updated, unchanged, skipped
  }

  var report: ImportReport
  let conflict: ImportOptions.Conflict
  /// What became of each line, and where.
  private var targets: [Int: (id: ResourceID, outcome: Outcome)] = [:]
  /// Which line each resource is of.
  private var lines: [ResourceID: Int] = [:]
  /// Ids that the file gives to resources which have others here.
  private var renamed: [String: ResourceID] = [:]

  init(report: ImportReport, conflict: ImportOptions.Conflict) {
    self.report = report
    self.conflict = conflict
  }

  // MARK: Resources

  mutating func make(_ line: ImportLine, _ tx: inout Transaction) {
    do throws(SCIMError) {
      let conflict = conflict
      if let old = try Self.existing(line, tx), let first = lines[old.id] {
        throw SCIMError(status: 409, detail: "The line is of the same \(line.type.name) as line \(first).")
      }
      let (id, outcome) = try tx.step { tx throws(SCIMError) in try Self.made(line, conflict, &tx) }
      targets[line.line] = (id, outcome)
      lines[id] = line.line
      if let own = line.id, own != id { renamed[own.text] = id }
      count(outcome, 1)
    } catch {
      report.add(ImportError(line: line.line, error.detail))
    }
  }

  private mutating func count(_ outcome: Outcome, _ change: Int) {
    switch outcome {
    case .created: report.created += change
    case .updated: report.updated += change
    case .unchanged: report.unchanged += change
    case .skipped: report.skipped += change
    }
  }

  private static func made(
    _ line: ImportLine, _ conflict: ImportOptions.Conflict, _ tx: inout Transaction
  ) throws(SCIMError) -> (ResourceID, Outcome) {
    guard let old = try existing(line, tx) else {
      if let id = line.id, !tx.isFree(id) {
        throw SCIMError(
          status: 409,
          detail:
            "The id \(id.text) is that of another or of a deleted resource. Restore that one, or leave the id out."
        )
      }
      let id = try tx.create(
        line.type, try line.newDocument(), members: [], skipsUnknown: false, id: line.id)
      return (id, .created)
    }
    let document = try line.changed(old.document)
    guard document != old.document else { return (old.id, .unchanged) }
    switch conflict {
    case .fail: throw taken(line.type, old.id)
    case .skip: return (old.id, .skipped)
    case .replace:
      try tx.update(old, document, [], skipsUnknown: false)
      return (old.id, .updated)
    }
  }

  private static func taken(_ type: ResourceType, _ id: ResourceID) -> SCIMError {
    SCIMError(
      status: 409,
      detail: "\(type.name) \(id.text) is there already and differs. Use --on-conflict skip or replace.")
  }

  private static func existing(
    _ line: ImportLine, _ tx: Transaction
  ) throws(SCIMError) -> Transaction.Existing? {
    if let id = line.id, let found = try? tx.resource(line.type, id.text) { return found }
    let name = line.type.hasMembers ? "displayName" : "userName"
    if line.type.hasMembers, line.id != nil { return nil }
    guard let attribute = line.type.attribute(named: name),
      let text = try line.newDocument()[attribute, nil]?.stringValue
    else { return nil }
    let found = tx.find(line.type, name, text)
    guard found.count <= 1 else {
      throw SCIMError(
        status: 409, detail: "\(found.count) groups have this displayName: the line needs an id.")
    }
    return try found.first.map { id throws(SCIMError) in try tx.resource(line.type, id.text) }
  }

  // MARK: Memberships

  mutating func connect(_ line: ImportLine, _ tx: inout Transaction) {
    guard let members = line.members, let (id, outcome) = targets[line.line], outcome != .skipped else {
      return
    }
    do throws(SCIMError) {
      var ids: [String] = []
      for member in members { ids.append(try self.id(member, tx)) }
      let before = tx.count
      let conflict = conflict
      try tx.step { tx throws(SCIMError) in
        let group = try tx.resource(line.type, id.text)
        try tx.update(group, group.document, [.replace(ids)], skipsUnknown: false)
        if tx.count > before, outcome == .unchanged, conflict == .fail { throw Self.taken(line.type, id) }
      }
      guard tx.count > before, outcome == .unchanged else { return }
      count(.unchanged, -1)
      count(.updated, 1)
      targets[line.line]?.outcome = .updated
    } catch {
      count(outcome, -1)
      report.add(ImportError(line: line.line, error.detail))
    }
  }

  /// The id that a member has here.
  private func id(_ member: String, _ tx: Transaction) throws(SCIMError) -> String {
    if let id = renamed[member] { return id.text }
    if let id = ResourceID(member), !tx.isFree(id) { return id.text }
    for type in tx.types where type.canBeMember {
      let found = tx.find(type, type.hasMembers ? "displayName" : "userName", member)
      if found.count == 1, let id = found.first { return id.text }
      guard found.count < 2 else {
        throw .bad(
          .invalidValue,
          "The member \"\(member.prefix(160))\" is the name of \(found.count) groups: use an id.")
      }
    }
    throw .bad(
      .invalidValue,
      "The member \"\(member.prefix(160))\" is no id, userName or group displayName here or in the file.")
  }
}
