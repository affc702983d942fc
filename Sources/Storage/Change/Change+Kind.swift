import JSON

extension Change {
  /// The kinds of changes. All code that handles changes one by one (writing, replay, history, erasure) switches over
  /// this list without a default, so that a new kind does not compile before each of them knows it.
  enum Kind: String, CaseIterable, Sendable {
    case create, update, delete, restore, erase, manage
    /// An observation of the server; it has no version and no history.
    case note
    /// The records from which values were erased, with the digests of their new content.
    case erasure
    /// The losses of a repair, and the segments it put together.
    case repair
    // Last, as other kinds have members by that name.
    case members

    /// The kind of a change as JSON: the first of the list that it has a member by the name of; nil for an unknown one.
    init?(_ change: JSONValue) {
      guard let kind = Kind.allCases.first(where: { change[$0.rawValue] != nil }) else { return nil }
      self = kind
    }

    /// The member that names the resource whose values the change holds; nil if it holds none.
    var subjectMember: String? {
      switch self {
      case .create, .update, .delete, .restore, .erase, .manage: "id"
      case .members: "members"
      case .note: "about"
      case .erasure, .repair: nil
      }
    }

    /// The members that hold values of that resource, which an erasure empties.
    var valueMembers: [String] {
      switch self {
      case .create, .delete: ["resource"]
      case .update: ["before", "after", "subject"]
      case .restore: ["resource", "before"]
      case .members: ["subject"]
      case .note: ["value"]
      case .erase, .manage, .erasure, .repair: []
      }
    }
  }

  var kind: Kind {
    switch self {
    case .create: .create
    case .update: .update
    case .members: .members
    case .delete: .delete
    case .restore: .restore
    case .erase: .erase
    case .manage: .manage
    case .note: .note
    case .erasure: .erasure
    case .repair: .repair
    }
  }

  /// A record out of which an erasure took values, and the digest of the payload it has from then on.
  struct Rewrite: Sendable, Equatable {
    let seq: UInt64
    let digest: String
  }

  /// A repair.
  struct Repair: Sendable, Equatable {
    /// The numbers of the records that are lost.
    let lost: [ClosedRange<UInt64>]
    /// The segments that were put together, by their first record, with the hashes of their last records as digests:
    /// those stay the same if values are removed from the segment later.
    let segments: [Rewrite]
  }
}
