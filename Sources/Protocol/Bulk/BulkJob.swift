import Access
import Credentials
import JSON
import SCIM
import Storage

/// A bulk job, ready to be carried out in one transaction (RFC 7644 §3.7).
///
/// An operation runs after those that create the resources it refers to. If operations refer to each other in a circle,
/// all their resources are created first, without these references, and then connected; they succeed or fail together.
struct BulkJob: Sendable {
  private let request: BulkRequest
  private let operations: [BulkStep]
  /// The operations in the order in which they run.
  private let units: [BulkOrder.Unit]
  /// The index of the POST with that bulkId.
  private let creators: [String: Int]
  private let roles: ProviderRoles?

  /// - Parameters:
  ///   - scopes: the scopes of the key.
  ///   - roles: turns the roles that the caller names into grants; nil if roles are not granted.
  init(
    _ request: BulkRequest, router: Router, dialect: Dialect, scopes: Scopes, roles: ProviderRoles? = nil
  ) {
    self.roles = roles
    self.request = request
    operations = request.operations.map { BulkStep($0, router, dialect, scopes) }
    var creators: [String: Int] = [:]
    for (index, operation) in request.operations.enumerated() where operation.method == .post {
      if let id = operation.bulkId { creators[id] = index }
    }
    self.creators = creators
    units = BulkOrder.units(operations.map { $0.references.compactMap { creators[$0] } })
  }

  /// The result of one operation.
  struct Outcome: Sendable {
    let status: Int
    let type: ResourceType?
    /// Empty without an id: a failed POST.
    let id: String
    /// The version after the whole job; nil if the operation failed.
    let version: String?
    let error: SCIMError?

    /// The resource whose version the answer has; nil if the operation failed.
    var versioned: ResourceID? { error == nil ? ResourceID(id) : nil }

    func having(version: String?) -> Outcome {
      Outcome(status: status, type: type, id: id, version: version, error: error)
    }
  }

  /// The outcomes in the order of the request; nil for an operation that was not begun. Throws the first error if
  /// the job is atomic.
  func run(_ tx: inout Transaction) throws(SCIMError) -> [Outcome?] {
    var progress = Progress(outcomes: Array(repeating: nil, count: operations.count))
    for unit in units {
      if let limit = request.failOnErrors, progress.errors >= limit { break }
      if unit.isCircular {
        runCircle(unit.operations, &tx, &progress)
      } else {
        for index in unit.operations { runOne(index, &tx, &progress) }
      }
      // Each operation is within its limits, but all together may exceed the budget.
      try tx.checkBudget()
      if request.isAtomic, let (index, error) = progress.firstError {
        throw error.at(operation: index)
      }
    }
    try followRoles(progress, &tx)
    return progress.outcomes
  }

  /// Updates the grants of the users that were written to match the roles in their attributes.
  private func followRoles(_ progress: Progress, _ tx: inout Transaction) throws(SCIMError) {
    guard let roles else { return }
    for (index, outcome) in progress.outcomes.enumerated() where request.operations[index].method != .delete {
      guard outcome?.type?.hasGroups == true, let user = outcome?.versioned else { continue }
      try roles.follow(user, &tx)
    }
  }

  /// The state of a run.
  private struct Progress {
    var outcomes: [Outcome?]
    /// The ids of the created resources, by bulkId.
    var ids: [String: String] = [:]
    var errors = 0
    var firstError: (index: Int, error: SCIMError)?
  }

  /// Runs one operation; a failed one leaves nothing in the transaction.
  private func runOne(_ index: Int, _ tx: inout Transaction, _ progress: inout Progress) {
    let step = operations[index]
    let ids = progress.ids
    do throws(SCIMError) {
      try checkReferences(of: index, ids)
      let (id, created) = try tx.step { tx throws(SCIMError) in try step.run(&tx, ids) }
      if created, let bulkId = request.operations[index].bulkId { progress.ids[bulkId] = id }
      succeed(index, id, &progress)
    } catch {
      fail(index, error, &progress)
    }
  }

  /// Creates the resources of a circle, then connects them; on a failure nothing of the circle stays.
  private func runCircle(_ circle: [Int], _ tx: inout Transaction, _ progress: inout Progress) {
    var current = circle.first ?? 0
    do throws(SCIMError) {
      let inside = Set(circle)
      for index in circle {
        current = index
        try checkReferences(of: index, progress.ids, within: inside)
      }
      let before = progress.ids
      let ids = try tx.step { tx throws(SCIMError) in
        let ids = try createShells(of: circle, before, &tx, &current)
        try completeShells(of: circle, ids, &tx, &current)
        return ids
      }
      progress.ids = ids
      for index in circle {
        succeed(index, request.operations[index].bulkId.flatMap { ids[$0] } ?? "", &progress)
      }
    } catch {
      fail(current, error, &progress)
      for index in circle where index != current { fail(index, dependency(on: current), &progress) }
    }
  }

  /// Creates the resources of a circle without their references to each other; returns the ids by bulkId.
  private func createShells(
    of circle: [Int], _ known: [String: String], _ tx: inout Transaction, _ current: inout Int
  ) throws(SCIMError) -> [String: String] {
    var ids = known
    var reserved: [Int: ResourceID] = [:]
    for index in circle {
      let id = tx.unusedID()
      reserved[index] = id
      if let bulkId = request.operations[index].bulkId { ids[bulkId] = id.text }
    }
    let provisional = ids
    let later = Set(reserved.values.map(\.text))
    for index in circle {
      current = index
      let id = try tx.step { tx throws(SCIMError) in
        try operations[index].createShell(&tx, provisional, reserved[index], without: later)
      }
      if let bulkId = request.operations[index].bulkId { ids[bulkId] = id.text }
    }
    return ids
  }

  /// Adds the references that were left out of the shells.
  private func completeShells(
    of circle: [Int], _ ids: [String: String], _ tx: inout Transaction, _ current: inout Int
  ) throws(SCIMError) {
    let members = Set(circle.compactMap { request.operations[$0].bulkId }.compactMap { ids[$0] })
    for index in circle {
      current = index
      guard let id = request.operations[index].bulkId.flatMap({ ids[$0] }) else { continue }
      try tx.step { tx throws(SCIMError) in
        try operations[index].completeShell(&tx, ids, id, with: members)
      }
    }
  }

  /// Throws unless every reference leads to a created resource, or to one that the same circle will create.
  private func checkReferences(
    of index: Int, _ ids: [String: String], within circle: Set<Int> = []
  ) throws(SCIMError) {
    for target in operations[index].references where ids[target] == nil {
      guard let creator = creators[target] else {
        throw SCIMError(
          .bulkIdUnknown,
          "\"bulkId:\(target.prefix(64))\" is not the bulkId of a POST in this request.")
      }
      guard circle.contains(creator) else { throw dependency(on: creator) }
    }
  }

  /// The error of an operation that refers to a failed one.
  private func dependency(on index: Int) -> SCIMError {
    let id = request.operations[index].bulkId ?? ""
    return SCIMError(
      .bulkDependency,
      "Operation \(index + 1) (bulkId \"\(id.prefix(64))\"), which this operation depends on, failed.")
  }

  /// Records a success; the version is added after the whole job.
  private func succeed(_ index: Int, _ id: String, _ progress: inout Progress) {
    let status =
      switch request.operations[index].method {
      case .post: 201
      case .delete: 204
      default: 200
      }
    progress.outcomes[index] = Outcome(
      status: status, type: operations[index].type, id: id, version: nil, error: nil)
  }

  /// Records a failure; it counts for `failOnErrors`.
  private func fail(_ index: Int, _ error: SCIMError, _ progress: inout Progress) {
    progress.errors += 1
    if progress.firstError == nil { progress.firstError = (index, error) }
    progress.outcomes[index] = Outcome(
      status: error.status, type: operations[index].type, id: operations[index].target(progress.ids) ?? "",
      version: nil, error: error)
  }
}
