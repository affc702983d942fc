import Credentials
import Insight
import Storage

/// A request to another door than SCIM's, for the ring.
final class DoorRequest: ObservedRequest {
  private let access: DoorAccess
  private let owner: APIKey?

  init(_ access: DoorAccess, _ keys: KeyRing) {
    self.access = access
    owner = (access.key ?? access.refusal?.owner?.key).flatMap { keys.key($0) }
  }

  var observedDirectory: String { owner?.directory ?? DataFolder.systemName }
  var observedBytes: Int { 512 }

  func describe(to entry: inout EntryWriter, _ answer: ObservedAnswer) {
    entry.head(access.requestID, access.method, access.template, answer)
    entry.caller(
      remote: access.remote, certificate: access.certificate, agent: nil, key: owner?.id,
      connection: owner?.connection)
    if let refusal = access.refusal {
      entry.refused(
        refusal.reason.rawValue, hint: refusal.hint, length: refusal.length, detail: refusal.detail,
        requests: refusal.requests)
    }
  }
}
