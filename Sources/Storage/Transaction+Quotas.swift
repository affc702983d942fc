import JSON
import SCIM

// How much a directory may hold. What makes it smaller is never refused.
extension Transaction {
  /// Throws 507 if no resource fits in any more, or 413 if this one is too large.
  func checkQuotas(creating body: EncodedDocument, _ type: ResourceType, members: Int) throws(SCIMError) {
    guard !type.isAdministrative else { return }
    let quotas = policies.quotas
    // Changes that the state does not have yet may all be of new resources.
    guard state.entries.count + pendingChanges < quotas.maxResources else {
      throw Self.full("resources", "maxResources", quotas.maxResources, "max-resources")
    }
    try checkSize(body.bytes.count, was: 0, type)
    try checkBytes(growth: body.bytes.count + members * DirectoryQuotas.bytesOfMembership)
  }

  /// The same for a resource that is changed.
  func checkQuotas(updating old: Existing, to document: Document) throws(SCIMError) {
    guard !old.type.isAdministrative else { return }
    // Few come near a limit; only for these the exact size is computed, as an escape is six characters long.
    let estimate = document.estimatedBytes
    guard
      estimate > policies.quotas.maxResourceBytes / 6
        || state.heldBytes + estimate * 6 > policies.quotas.maxBytes
    else { return }
    let bytes = EncodedDocument(document, of: old.type).bytes.count
    // `false` is longer than `true`.
    if bytes <= old.byteCount + 1, Change.deactivates(old.document, document) { return }
    try checkSize(bytes, was: old.byteCount, old.type)
    try checkBytes(growth: bytes - old.byteCount)
  }

  /// The same for members that are added.
  func checkQuotas(addingMembers count: Int) throws(SCIMError) {
    try checkBytes(growth: count * DirectoryQuotas.bytesOfMembership)
  }

  /// Throws if a resource becomes too large; one that already was may shrink.
  private func checkSize(_ bytes: Int, was before: Int, _ type: ResourceType) throws(SCIMError) {
    let limit = policies.quotas.maxResourceBytes
    guard bytes > limit, bytes > before else { return }
    throw SCIMError(
      .resourceTooLarge,
      "The \(type.name) would have \(bytes) bytes, and the directory's policy maxResourceBytes allows \(limit). "
        + "Nothing was changed; send less, or let an administrator allow more: "
        + "scimd directory update DIRECTORY --max-resource-bytes N.")
  }

  private func checkBytes(growth: Int) throws(SCIMError) {
    let limit = policies.quotas.maxBytes
    guard growth > 0, state.heldBytes + growth > limit else { return }
    throw Self.full("bytes", "maxBytes", limit, "max-bytes")
  }

  /// The refusal by a quota, with the command that raises it.
  private static func full(_ what: String, _ policy: String, _ limit: Int, _ option: String) -> SCIMError {
    SCIMError(
      .quotaReached,
      "The directory is full: its policy \(policy) allows \(limit) \(what). Nothing was changed; delete what you do "
        + "not need, or let an administrator allow more: scimd directory update DIRECTORY --\(option) N.")
  }
}

extension DirectoryState {
  /// Bytes of the documents and memberships.
  var heldBytes: Int { entries.documentBytes + memberships * DirectoryQuotas.bytesOfMembership }

  /// Removes the oldest deleted resources if more are kept than allowed.
  func trimDeleted(to quotas: DirectoryQuotas) {
    // Not all at once, if somebody has lowered a quota.
    var rest = 1000
    while rest > 0, tombstones.count > quotas.maxDeleted || tombstones.documentBytes > quotas.maxDeletedBytes
    {
      giveUpOldest()
      rest -= 1
    }
  }
}
