/// The findings of a repair of a directory's log, and its losses.
package struct RepairReport: Sendable, Equatable {
  package struct LostChange: Sendable, Equatable {
    package let seq: UInt64
    /// The id of the resource; empty if it is unknown.
    package let id: String
    package let reason: String
  }

  /// The damage of each file; damaged files are kept aside.
  package internal(set) var damaged: [(file: String, reason: String)] = []
  /// Records that are in no file any more. Those that the state needs are lost for good.
  package internal(set) var lostRecords: [ClosedRange<UInt64>] = []
  /// Changes in existing records that refer to missing resources.
  package internal(set) var lostChanges: [LostChange] = []
  /// The snapshot that the state is built on, or nil.
  package internal(set) var snapshot: UInt64?
  /// The last known record if the end of the journal is missing; nil if it is not.
  package internal(set) var endsAfter: UInt64?
  /// The last record that is kept.
  package internal(set) var last: UInt64 = 0
  /// The history before this record is set aside too, as too much is missing in it.
  package internal(set) var historyStartsAt: UInt64?
  /// Conflicts in the state, which the server starts with because nothing says which resource should keep the value.
  package internal(set) var conflicts: [UniquenessConflict] = []

  /// Paths of files that may still contain values of erased resources: the damaged ones, after the repair has completed
  /// an interrupted erasure.
  package internal(set) var erasedValuesIn: [String] = []

  /// Whether every byte is as it was written; conflicts that an earlier repair left are no damage.
  package var isSound: Bool {
    damaged.isEmpty && lostRecords.isEmpty && lostChanges.isEmpty && endsAfter == nil
  }

  /// Of the lost records, those that the snapshot does not include.
  package var lostFromState: [ClosedRange<UInt64>] {
    lostRecords.compactMap { range in
      let from = max(range.lowerBound, (snapshot ?? 0) + 1)
      return from <= range.upperBound ? from...range.upperBound : nil
    }
  }

  package static func == (a: RepairReport, b: RepairReport) -> Bool {
    a.damaged.map(\.file) == b.damaged.map(\.file) && a.damaged.map(\.reason) == b.damaged.map(\.reason)
      && a.lostRecords == b.lostRecords && a.lostChanges == b.lostChanges && a.snapshot == b.snapshot
      && a.endsAfter == b.endsAfter && a.last == b.last && a.historyStartsAt == b.historyStartsAt
      && a.conflicts == b.conflicts && a.erasedValuesIn == b.erasedValuesIn
  }
}
