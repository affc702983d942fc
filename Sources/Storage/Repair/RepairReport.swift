/// What a repair of a directory's log finds, and what is lost by it.
package struct RepairReport: Sendable, Equatable {
  package struct LostChange: Sendable, Equatable {
    package let seq: UInt64
    /// Of which resource; empty where that is unknown.
    package let id: String
    package let reason: String
  }

  /// What is wrong with which file; these are kept aside.
  package internal(set) var damaged: [(file: String, reason: String)] = []
  /// Records that are in no file any more. Those that the state needs are lost for good.
  package internal(set) var lostRecords: [ClosedRange<UInt64>] = []
  /// Changes of records that are there, but change what is not.
  package internal(set) var lostChanges: [LostChange] = []
  /// The snapshot that the state is built on; nil where there is none.
  package internal(set) var snapshot: UInt64?
  /// After which record nothing is known because the end of the journal is gone; nil where it is there.
  package internal(set) var endsAfter: UInt64?
  /// The last record that is kept.
  package internal(set) var last: UInt64 = 0
  /// The history before this record is set aside too, as too much is missing in it.
  package internal(set) var historyStartsAt: UInt64?
  /// What the state has that no state should: it starts with that, as nothing tells which of the resources is meant.
  package internal(set) var conflicts: [UniquenessConflict] = []

  /// Paths of files in which values of erased resources may still be: the damaged ones, once an erasure that was cut short is
  /// completed by the repair.
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
