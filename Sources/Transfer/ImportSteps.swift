import JSON
import SCIM
import Storage

/// The next steps of an import, in a transaction that may be rolled back.
struct ImportSteps {
  private typealias Outcome = ImportOutcomes.Outcome

  let before: ImportOutcomes
  var report: ImportReport
  let conflict: ImportOptions.Conflict
  /// The outcomes that these steps add to `before`.
  private(set) var outcomes = ImportOutcomes()

  init(before: ImportOutcomes, report: ImportReport, conflict: ImportOptions.Conflict) {
    self.before = before
    self.report = report
    self.conflict = conflict
  }

  /// The resource and outcome of a line in these steps or earlier ones; nil for a line that failed.
  private func target(of line: ImportLine) -> (id: ResourceID, outcome: Outcome)? {
    outcomes.targets[line.line] ?? before.targets[line.line]
  }

  /// Remembers the outcome, and the id of the file if the resource has another one here.
  private mutating func note(_ line: ImportLine, _ id: ResourceID, _ outcome: Outcome) {
    outcomes.targets[line.line] = (id, outcome)
    outcomes.lines[id] = line.line
    if let own = line.id, own != id { outcomes.renamed[own.text] = id }
  }

  // MARK: Resources

  /// Creates or changes the resource of a line; a failure is reported and leaves nothing of the line behind.
  mutating func make(_ line: ImportLine, _ tx: inout Transaction) {
    do throws(SCIMError) {
      let conflict = conflict
      if let old = try Self.existing(line, tx), let first = outcomes.lines[old.id] ?? before.lines[old.id] {
        throw SCIMError(
          .conflict,
          "The line refers to the same \(line.type.name) as line \(first).")
      }
      let (id, outcome) = try tx.step { tx throws(SCIMError) in try Self.made(line, conflict, &tx) }
      note(line, id, outcome)
      count(outcome, 1)
    } catch {
      report.add(ImportError(line: line.line, error.detail))
    }
  }

  /// The outcome of the line in an earlier run that began then, as far as it is still visible.
  mutating func recall(_ line: ImportLine, began: Int64, _ tx: borrowing Transaction) {
    guard let old = try? Self.existing(line, tx) else { return }
    let isDone = (try? line.changed(old.document)) == old.document
    let outcome: Outcome =
      old.created >= began ? .created : isDone ? .unchanged : conflict == .skip ? .skipped : .updated
    note(line, old.id, outcome)
  }

  /// - Parameter change: 1, or -1 if the line turned out otherwise later.
  private mutating func count(_ outcome: Outcome, _ change: Int) {
    switch outcome {
    case .created: report.created += change
    case .updated: report.updated += change
    case .unchanged: report.unchanged += change
    case .skipped: report.skipped += change
    }
  }

  /// Throws 409 for an id that is taken, and for a resource that differs if conflicts are to fail.
  private static func made(
    _ line: ImportLine, _ conflict: ImportOptions.Conflict, _ tx: inout Transaction
  ) throws(SCIMError) -> (ResourceID, Outcome) {
    guard let old = try existing(line, tx) else {
      if let id = line.id, !tx.isFree(id) {
        throw SCIMError(
          .conflict,
          "The id \(id.text) belongs to another resource or to a deleted one. Restore that resource, or omit the id."
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
      .conflict,
      "\(type.name) \(id.text) already exists and differs. Use --on-conflict skip or replace.")
  }

  /// The resource a line refers to: by its id, otherwise by userName, or by displayName if the line has no id; nil if
  /// it has to be created. Throws 409 if several groups have the name.
  private static func existing(
    _ line: ImportLine, _ tx: borrowing Transaction
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
        .conflict,
        "\(found.count) groups have this displayName: the line needs an id.")
    }
    return try found.first.map { id throws(SCIMError) in try tx.resource(line.type, id.text) }
  }

  // MARK: Memberships

  /// Replaces the members of a line's group. If that fails, the line counts as invalid only, although its resource
  /// stays.
  mutating func connect(_ line: ImportLine, _ tx: inout Transaction) {
    guard let members = line.members, let (id, outcome) = target(of: line), outcome != .skipped else {
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
      outcomes.targets[line.line] = (id, .updated)
    } catch {
      count(outcome, -1)
      report.add(ImportError(line: line.line, error.detail))
    }
  }

  /// The id of a member that a line names by an id of the file or of this server, a userName or a displayName.
  private func id(_ member: String, _ tx: borrowing Transaction) throws(SCIMError) -> String {
    if let id = outcomes.renamed[member] ?? before.renamed[member] { return id.text }
    if let id = ResourceID(member), !tx.isFree(id) { return id.text }
    for type in tx.types where type.canBeMember {
      let found = tx.find(type, type.hasMembers ? "displayName" : "userName", member)
      if found.count == 1, let id = found.first { return id.text }
      guard found.count < 2 else {
        throw SCIMError(
          .invalidValue,
          "The member \"\(member.prefix(160))\" is the name of \(found.count) groups: use an id.")
      }
    }
    throw SCIMError(
      .invalidValue,
      "No id, userName or group displayName matches the member \"\(member.prefix(160))\", here or in the file."
    )
  }
}
