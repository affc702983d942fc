import JSON
import Platform
import SCIM
import Storage

extension Command {
  static let storeRepair = Command(
    path: ["store", "repair"], summary: "Make a damaged data folder usable again, giving up what is lost",
    details: [
      "Reports what is damaged and what would be lost; --accept-loss repairs it. The state becomes the newest "
        + "sound snapshot and every later change that can still be read and applied. Where two users then have one "
        + "userName, both stay, and are named. The damaged files stay next to the new ones as *.damaged-TIME. A "
        + "backup, where there is one, loses less. The server must not run. Exit code 0 when the "
        + "folder is sound, 65 when it is damaged and nothing was changed."
    ],
    options: [Option(name: "accept-loss", help: "Repair, although what is listed is lost.")] + storeOptions
      + [jsonOption],
    examples: [
      Example(does: "what would be lost", line: "scimd store repair --data /var/lib/scimd"),
      Example(does: "do it", line: "scimd store repair --accept-loss --data /var/lib/scimd"),
    ]
  ) { invocation, console throws(CommandError) in
    let configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    let desk = RepairDesk(configuration: configuration, environment: console.environment)
    let accepts = invocation.has("accept-loss")
    let results = try desk.run(acceptingLoss: accepts)
    if invocation.has("json") {
      let json: JSONValue = .array(results.map { RepairText.json($0) })
      console.print(json)
    } else {
      for result in results { console.write(.output, RepairText.text(result)) }
    }
    let isSound = results.allSatisfy(\.report.isSound)
    guard isSound || accepts else {
      throw CommandError(
        .dataCorrupt, "\(configuration.data) is damaged; nothing was changed",
        advice: "Restore a backup (`scimd store restore`), or give up what is listed: "
          + "`scimd store repair --accept-loss`.")
    }
    if !invocation.has("json") {
      console.print(isSound ? "\(configuration.data) needs no repair." : "\(configuration.data) is repaired.")
    }
    return .success
  }
}

/// Repairs the logs of a data folder that no server holds.
struct RepairDesk: Sendable {
  struct Result {
    let directory: String
    let report: RepairReport
    /// Where the damaged files are now; nil where nothing was done.
    let aside: [String]?
  }

  let configuration: Configuration
  let environment: Environment

  func run(acceptingLoss: Bool) throws(CommandError) -> [Result] {
    let folder = try StoreAccess.existing(configuration)
    defer { folder.close() }
    let catalog = try StoreAccess.catalog(configuration)
    var results: [Result] = []
    for name in try StoreAccess.names(folder) {
      do {
        results.append(try repair(name, try folder.directoryFolder(name), catalog, acceptingLoss))
      } catch let error as StoreError {
        throw CommandError(error)
      } catch let error as DataFolderError {
        throw CommandError(error, folder: configuration.data)
      } catch {
        throw CommandError(.failure, "\(error)")
      }
    }
    return results
  }

  private func repair(
    _ name: String, _ path: String, _ catalog: Catalog, _ acceptsLoss: Bool
  ) throws(StoreError) -> Result {
    let survey = try LogSurvey(
      folder: path, directory: name, catalog: catalog, options: configuration.cautiousStoreOptions)
    let plan = RepairPlan(survey, environment: environment)
    guard acceptsLoss, !plan.report.isSound else {
      return Result(directory: name, report: plan.report, aside: nil)
    }
    do throws(LogError) {
      let outcome = try plan.carryOut()
      return Result(directory: name, report: outcome.report, aside: outcome.aside)
    } catch {
      throw .log(error)
    }
  }
}

/// What a repair does, for people and for programs.
enum RepairText {
  /// Lines of one kind that are shown; --json has all.
  private static let maxShown = 50

  static func text(_ result: RepairDesk.Result) -> String {
    let report = result.report
    guard !report.isSound else {
      return text("\(result.directory): sound, up to record \(report.last)", followUps(report))
    }
    var lines = shown(report.damaged.map { "damaged: \($0.file): \($0.reason)" })
    lines.append(
      report.snapshot.map { "the state is built on the snapshot after record \($0)" }
        ?? "no snapshot is sound: the state is built on the journal alone")
    let lost = report.lostFromState
    lines += shown(lost.map { "lost: \(records($0))" })
    lines += shown(
      report.lostChanges.map { "lost: record \($0.seq)\($0.id.isEmpty ? "" : ", \($0.id)"): \($0.reason)" })
    lines += shown(
      report.lostRecords.filter { !lost.contains($0) }.map { "missing in the history only: \(records($0))" })
    if let end = report.endsAfter { lines.append("lost: every change after record \(end)") }
    if lost.isEmpty, report.lostChanges.isEmpty, report.endsAfter == nil {
      lines.append("the state is complete: nothing of it is lost")
    }
    if let start = report.historyStartsAt { lines.append("history is kept from record \(start) on") }
    lines += (result.aside ?? []).map { "kept: \($0)" }
    return text(
      "\(result.directory): DAMAGED, can be kept up to record \(report.last)", lines + followUps(report))
  }

  private static func text(_ title: String, _ lines: [String]) -> String {
    "directory \(title)\n" + lines.map { "  \($0)\n" }.joined()
  }

  private static func followUps(_ report: RepairReport) -> [String] {
    shown(
      report.conflicts.map { conflict in
        "conflict: \(conflict.ids.count) resources of type \(conflict.type) have the \(conflict.attribute) "
          + "\(quoted(conflict.value)): \(conflict.ids.prefix(maxShown).joined(separator: ", "))"
      }) + next(report).map { "next: \($0)" }
  }

  /// As JSON, which leaves no control characters.
  private static func quoted(_ text: String) -> String {
    JSONValue.string(text).serializedText
  }

  /// What is for people to do once the folder is repaired.
  private static func next(_ report: RepairReport) -> [String] {
    var steps: [String] = []
    if !report.conflicts.isEmpty {
      steps.append(
        "start the server, and of each conflict rename or delete all but one (PATCH or DELETE by id); "
          + "`scimd user history ID` says when each took the value. Until then all of them are found by it")
    }
    if !report.erasedValuesIn.isEmpty {
      steps.append(
        "delete these files as soon as nobody needs them, values of erased resources may still be in them: "
          + report.erasedValuesIn.joined(separator: ", "))
    }
    if !report.lostFromState.isEmpty || !report.lostChanges.isEmpty || report.endsAfter != nil {
      steps.append(
        "let every identity provider push all users and groups again: anyone whom a lost change deactivated, "
          + "deleted or removed from a group still has access")
    }
    return steps
  }

  static func json(_ result: RepairDesk.Result) -> JSONValue {
    let report = result.report
    func ranges(_ ranges: [ClosedRange<UInt64>]) -> JSONValue {
      .array(ranges.map { [number($0.lowerBound), number($0.upperBound)] })
    }
    return [
      "directory": .string(result.directory), "sound": .bool(report.isSound),
      "repaired": .bool(result.aside != nil), "last": number(report.last),
      "snapshot": report.snapshot.map(number) ?? .null,
      "damaged": .array(report.damaged.map { ["file": .string($0.file), "reason": .string($0.reason)] }),
      "lostRecords": ranges(report.lostFromState), "missingRecords": ranges(report.lostRecords),
      "lostChanges": .array(
        report.lostChanges.map {
          ["seq": number($0.seq), "id": .string($0.id), "reason": .string($0.reason)]
        }),
      "endsAfter": report.endsAfter.map(number) ?? .null,
      "conflicts": .array(report.conflicts.map(conflict)),
      "erasedValuesIn": .array(report.erasedValuesIn.map { .string($0) }),
      "next": .array(next(report).map { .string($0) }),
      "kept": .array((result.aside ?? []).map { .string($0) }),
    ]
  }

  private static func conflict(_ conflict: UniquenessConflict) -> JSONValue {
    [
      "type": .string(conflict.type), "attribute": .string(conflict.attribute),
      "value": .string(conflict.value), "ids": .array(conflict.ids.map { .string($0) }),
    ]
  }

  private static func number(_ value: UInt64) -> JSONValue { .integer(Int64(clamping: value)) }

  private static func records(_ range: ClosedRange<UInt64>) -> String {
    range.count == 1
      ? "record \(range.lowerBound)" : "records \(range.lowerBound) to \(range.upperBound)"
  }

  private static func shown(_ lines: [String]) -> [String] {
    guard lines.count > maxShown else { return lines }
    return lines.prefix(maxShown) + ["... and \(lines.count - maxShown) more like this; see --json"]
  }
}
