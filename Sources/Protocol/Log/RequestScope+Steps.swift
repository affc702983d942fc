import Credentials
import HTTP
import JSON
import SCIM
import Storage

/// What a request shows of the set-up of its connection; found off the event loops.
extension RequestScope {
  /// Effects of one request that are looked at.
  private static let maxEffects = 100

  func noteSteps(_ status: Int, at time: DateTime) {
    guard let steps = service.steps, let (connection, directory) = connectionOfCaller else { return }
    let answer = refusal == nil ? (status: status, isWrite: trace != nil && !isSearch) : nil
    steps.saw(
      setupSteps(status), answer, by: connection, in: directory, at: time, requestID: requestID)
  }

  private var isSearch: Bool {
    switch route {
    case .search, .rootSearch: true
    default: false
    }
  }

  /// Also of a key that was refused, and of one that the route does not ask for.
  private var connectionOfCaller: (ResourceID, String)? {
    if let key { return key.key.connection.map { ($0, key.key.directory) } }
    if let owner = refusal?.owner { return owner.connection.map { ($0, owner.directory) } }
    guard route.isPublic, let key = service.authorization.key(of: request) else { return nil }
    return key.connection.map { ($0, key.directory) }
  }

  private func setupSteps(_ status: Int) -> [SetupStep] {
    guard refusal == nil else { return [.keyRefused] }
    guard (200..<300).contains(status) else { return [.keyAccepted] }
    var steps: [SetupStep] = [.keyAccepted]
    switch route {
    case .serviceProviderConfig, .schemas, .schema, .resourceTypes, .resourceType:
      steps.append(.discoveryRead)
    case .collection where head.method == .get: steps.append(.testQuery)
    case .search, .rootSearch: steps.append(.testQuery)
    default: break
    }
    return steps + (trace?.effects(upTo: Self.maxEffects) ?? []).flatMap(Self.steps)
  }

  private static func steps(_ effect: ChangeTrace.Effect) -> [SetupStep] {
    switch effect {
    case .created(let type, _), .restored(let type, _):
      return type.hasGroups ? [.userCreated] : type.hasMembers ? [.groupCreated] : []
    case .changed(let type, _, let before, let after):
      guard type.hasGroups else { return [] }
      switch (isActive(before), isActive(after)) {
      case (true, false): return [.userDeactivated]
      case (false, true): return [.userReactivated]
      default: return [.userUpdated]
      }
    case .members: return [.membersChanged]
    case .deleted, .erased: return []
    }
  }

  private static func isActive(_ document: Document) -> Bool {
    document.attributes["active"]?.boolValue ?? true
  }
}
