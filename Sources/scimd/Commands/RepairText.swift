import JSON
import Platform
import SCIM
import Storage

/// The report of a repair, for people and for programs.
enum RepairText {
  /// Lines of one kind that are shown; --json has all.
  private static let maxShown = 50

  /// The report for people, one block per directory.
  static func text(_ result: StoreRepair.Result) -> String {
    let report = result.report
    guard !report.isSound else {
      return text("\(result.directory): intact up to record \(report.last)", followUps(report))
    }
    var lines = shown(report.damaged.map { "damaged: \($0.file): \($0.reason)" })
    lines.append(
      report.snapshot.map { "the state is rebuilt from the snapshot after record \($0)" }
        ?? "no snapshot is intact: the state is rebuilt from the journal alone")
    let lost = report.lostFromState
    lines += shown(lost.map { "lost: \(records($0))" })
    lines += shown(
      report.lostChanges.map { "lost: record \($0.seq)\($0.id.isEmpty ? "" : ", \($0.id)"): \($0.reason)" })
    lines += shown(
      report.lostRecords.filter { !lost.contains($0) }.map { "missing only from the history: \(records($0))" }
    )
    if let end = report.endsAfter { lines.append("lost: every change after record \(end)") }
    if lost.isEmpty, report.lostChanges.isEmpty, report.endsAfter == nil {
      lines.append("the state is complete; nothing is lost from it")
    }
    if let start = report.historyStartsAt { lines.append("history starts at record \(start)") }
    lines += (result.aside ?? []).map { "kept: \($0)" }
    return text(
      "\(result.directory): DAMAGED, can be saved up to record \(report.last)", lines + followUps(report))
  }

  private static func text(_ title: String, _ lines: [String]) -> String {
    "directory \(title)\n" + lines.map { "  \($0)\n" }.joined()
  }

  /// Conflicts, and the steps that remain for people.
  private static func followUps(_ report: RepairReport) -> [String] {
    shown(
      report.conflicts.map { conflict in
        "conflict: \(conflict.ids.count) resources of type \(conflict.type) have the \(conflict.attribute) "
          + "\(quoted(conflict.value)): \(conflict.ids.prefix(maxShown).joined(separator: ", "))"
      }) + next(report).map { "next: \($0)" }
  }

  /// As JSON, in which control characters are escaped.
  private static func quoted(_ text: String) -> String {
    JSONValue.string(text).serializedText
  }

  /// The steps for people after the repair.
  private static func next(_ report: RepairReport) -> [String] {
    var steps: [String] = []
    if !report.conflicts.isEmpty {
      steps.append(
        "start the server, and for each conflict rename or delete all resources but one (PATCH or DELETE by id); "
          + "`scimd user history ID` shows when each took the value. Until then a search for the value finds all of "
          + "them")
    }
    if !report.erasedValuesIn.isEmpty {
      steps.append(
        "delete these files as soon as you no longer need them, because they may still contain values of erased "
          + "resources: "
          + report.erasedValuesIn.joined(separator: ", "))
    }
    if !report.lostFromState.isEmpty || !report.lostChanges.isEmpty || report.endsAfter != nil {
      steps.append(
        "let every identity provider push all users and groups again: anyone whom a lost change deactivated, "
          + "deleted or removed from a group still has access")
    }
    return steps
  }

  /// The report for programs: `next` holds the same steps as the text.
  static func json(_ result: StoreRepair.Result) -> JSONValue {
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

  /// At most `maxShown` lines, and how many more there are.
  private static func shown(_ lines: [String]) -> [String] {
    guard lines.count > maxShown else { return lines }
    return lines.prefix(maxShown) + ["... and \(lines.count - maxShown) more like this; see --json"]
  }
}
