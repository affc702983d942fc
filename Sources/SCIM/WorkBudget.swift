package import JSON

/// The remaining work budget of one request, in units: an element visited, or 64 bytes read or compared. Carried along
/// wherever a client chooses how much there is to do.
package struct WorkBudget: Sendable {
  /// How many units a kind of work may take. The defaults were set by measurement; a unit takes 20 to 60 ns.
  package struct Limit: Sendable {
    /// As a client reads it.
    package let name: String
    package let units: Int

    package init(name: String, units: Int) {
      self.name = name
      self.units = units
    }

    /// False for `none`.
    package var isBound: Bool { units != .max }

    /// For what no client chooses the size of.
    package static let none = Limit(name: "", units: .max)
    /// While the lock of a directory is held, or on an event loop: about 10 ms. Work that needs more goes to a worker.
    package static let held = Limit(name: "maxHeldWork", units: 50_000)
    /// For a PATCH or a bulk request that is computed on a worker: about 200 ms.
    package static let computed = Limit(name: "maxComputedWork", units: 4_000_000)
    /// For a search on a worker: some seconds, so that a filter without an index still answers for a million users.
    package static let scanned = Limit(name: "maxScannedWork", units: 60_000_000)
  }

  /// The purpose of the work, which decides the error.
  package enum Purpose: Sendable {
    /// 400 tooMany (RFC 7644 §3.4.2.1).
    case query
    /// 413.
    case change
  }

  package let limit: Limit
  private let purpose: Purpose
  private var rest: Int

  package init(_ limit: Limit, for purpose: Purpose) {
    self.limit = limit
    self.purpose = purpose
    rest = limit.units
  }

  /// True once the work was refused.
  package var isExceeded: Bool { rest < 0 }

  /// Units that were spent.
  package var spent: Int { limit.units - rest }

  /// Throws 400 tooMany or 413 if that is more than is left.
  @inline(__always)
  package mutating func spend(_ units: Int) throws(SCIMError) {
    rest -= units
    if rest < 0 { throw refusal }
  }

  /// For an element and bytes of it that are read or compared.
  @inline(__always)
  package mutating func spend(bytes: Int) throws(SCIMError) { try spend(1 + bytes >> 6) }

  /// For a value that is read or compared, with all that is in it.
  package mutating func spend(_ value: JSONValue) throws(SCIMError) {
    switch value {
    case .string(let text): try spend(bytes: text.utf8.count)
    case .array(let values):
      try spend(1)
      for value in values { try spend(value) }
    case .object(let object):
      try spend(1)
      for member in object.members { try spend(member.value) }
    case .null, .bool, .integer, .decimal: try spend(1)
    }
  }

  /// The error names the limit, so that an administrator can find it.
  private var refusal: SCIMError {
    let allowed =
      "the limit \(limit.name) allows \(limit.units) steps; reading a value or comparing 64 bytes is one step"
    return switch purpose {
    case .query:
      SCIMError(
        .filterTooMuchWork,
        "The filter takes too much work: \(allowed). Use eq on an indexed attribute such as userName, or fewer "
          + "comparisons.")
    case .change:
      SCIMError(
        .changeTooMuchWork,
        "The operations take too much work: \(allowed). Nothing was changed; send fewer operations at a time."
      )
    }
  }
}
