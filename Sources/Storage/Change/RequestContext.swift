import SCIM

/// Who asked for a change and how: what a record keeps in addition to the change itself.
package struct RequestContext: Sendable {
  package var actor: Actor
  package var requestID: String
  /// The operation, as `PATCH /Users/{id}`.
  package var operation: String
  /// The job that the change is a part of.
  package var job: ResourceID?
  /// Set if the request must not be carried out twice.
  package var idempotency: Idempotency?
  /// Where the directory leaves what the request changed; nil if nobody asks.
  package var trace: ChangeTrace?

  package init(_ actor: Actor, requestID: String, operation: String, job: ResourceID? = nil) {
    self.actor = actor
    self.requestID = requestID
    self.operation = operation
    self.job = job
  }

  /// For a request with a key; an empty `key` is an administrator's.
  package init(key: String, profile: String, requestID: String, remote: String, operation: String) {
    let actor =
      key.isEmpty
      ? Actor(.socket, remote: remote) : Actor(.key, key: key, profile: profile, remote: remote)
    self.init(actor, requestID: requestID, operation: operation)
  }
}
