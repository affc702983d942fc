import Access
import HTTP
import JSON
import SCIM
import Storage

// What routes about rights have in common.
extension AdminCall {
  var access: DirectoryAccess { DirectoryAccess(directory, world.access) }

  var isForced: Bool { query.has("force") }

  /// What a look at the rights of one user comes to. On an event loop, a user in many groups is left to a worker.
  func looking<Value>(
    _ body: () throws(DirectoryAccess.TooManyGroups) -> Value
  ) throws(AdminProblem) -> Value {
    do throws(DirectoryAccess.TooManyGroups) { return try body() } catch { throw .later }
  }

  /// Who gives grants in this request, as lists show it.
  var giver: String { caller.actor(command: nil).user ?? caller.name }

  /// An administrative type of the directory.
  func type(_ name: String) -> ResourceType { directory.administrativeType(name) }

  /// Carries a change out; what is wrong with a value is said with its place.
  func write<Value: Sendable>(
    _ operation: String,
    _ body: (inout AccessChange, inout Transaction) throws(AccessFailure) -> Value
  ) throws(AdminProblem) -> Value {
    var problem: AdminProblem?
    do throws(SCIMError) {
      return try access.write(context(operation)) { change, tx throws(SCIMError) in
        do throws(AccessFailure) { return try body(&change, &tx) } catch {
          switch error {
          case .scim(let error): throw error
          case .problem(let found):
            problem = found
            throw SCIMError(.conflict, found.detail)
          }
        }
      }
    } catch {
      throw problem ?? AdminProblem(error)
    }
  }

  /// Throws if a change of a user or a group takes a role from many of its holders, or a critical one from its last, and
  /// is not forced.
  func checkLosses(
    with id: String, _ operation: String, by change: (inout Transaction) throws(SCIMError) -> Void
  ) throws(AdminProblem) {
    guard !isForced, let id = ResourceID(id) else { return }
    let losses: [AccessLoss]
    do throws(SCIMError) { losses = try access.losses(with: id, context(operation), by: change) } catch {
      throw AdminProblem(error)
    }
    try Self.refuse(losses)
  }

  /// Throws if a step takes a role from many of its holders, or a critical one from its last, and is not forced.
  func checkLoss(by step: AccessStep) throws(AdminProblem) {
    guard !isForced else { return }
    try Self.refuse(access.examine { $0.loss(by: step) }.whenDurable().map { [$0] } ?? [])
  }

  /// Refuses an act that would take roles from more users than may lose them unnoticed.
  static func refuse(_ losses: [AccessLoss]) throws(AdminProblem) {
    guard !losses.isEmpty else { return }
    throw AdminProblem(.needsForce, losses.prefix(10).map(\.sentence).joined(separator: " "))
  }

  /// The user or group that a name means.
  func principal(
    _ text: String, isGroup: Bool, at pointer: String
  ) throws(AdminProblem) -> ResourceID {
    guard let type = directory.catalog.types.first(where: { isGroup ? $0.hasMembers : $0.hasGroups }) else {
      throw AdminProblem(.unknownType, "This server has no such resource type.")
    }
    let found = directory.resources(named: text, type, .present).whenDurable()
    guard let one = try NamedResource.only(found, named: text, at: pointer), let id = ResourceID(one.id)
    else {
      throw AdminProblem(
        .unknownResource, "There is no \(type.name) \"\(text.prefix(160))\" in \(directory.name).",
        at: pointer)
    }
    return id
  }

  func role(_ text: String) throws(AdminProblem) -> AccessTable.RoleEntry {
    guard let role = access.table.role(text) else {
      throw AdminProblem(.unknownRole, "There is no role \"\(text.prefix(160))\" in \(directory.name).")
    }
    return role
  }

  func target(_ text: String) throws(AdminProblem) -> AccessTable.TargetEntry {
    guard let target = access.table.target(text) else {
      throw AdminProblem(.unknownTarget, "There is no target \"\(text.prefix(160))\" in \(directory.name).")
    }
    return target
  }

  /// The resource of an administrative type that has an id.
  func resource(_ type: String, _ id: ResourceID) throws(AdminProblem) -> AdministrativeResource {
    guard let found = directory.administrative(self.type(type), ids: [id]).whenDurable().first else {
      throw AdminProblem(.changedMeanwhile, "The \(type) \(id.text) was removed meanwhile.")
    }
    return found
  }
}

/// Errors of the store as failures of a change.
func rights<Value>(_ body: () throws(SCIMError) -> Value) throws(AccessFailure) -> Value {
  do throws(SCIMError) { return try body() } catch { throw .scim(error) }
}

extension AdminProblem {
  init(_ error: AccessError) { self.init(.invalidMember, error.description + ".", at: error.pointer) }
}

extension AdminParameter {
  static let force = AdminParameter("force", .flag, "Do it although rights are lost by it.")
}
