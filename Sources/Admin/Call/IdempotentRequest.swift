import HTTP
import Platform
import Storage

/// A request with an `Idempotency-Key`.
struct IdempotentRequest {
  /// The longest key, in bytes.
  private static let maxKeyBytes = 255

  /// The directory whose log records that it was carried out.
  let directory: Directory
  let idempotency: Idempotency
  /// The caller, the directory and the `Idempotency-Key` of the request.
  let name: String

  /// Throws for a key that is too long or not visible ASCII. The digest distinguishes requests that reuse a key.
  init(_ call: AdminCall, _ field: ArraySlice<UInt8>, _ route: AdminRoute) throws(AdminProblem) {
    guard !field.isEmpty, field.count <= Self.maxKeyBytes, field.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw AdminProblem(
        .malformedRequest, "The Idempotency-Key must be 1 to \(Self.maxKeyBytes) visible ASCII characters.")
    }
    let key = String(decoding: field, as: UTF8.self)
    directory = route.changesSystem ? call.world.store.system : call.tenant ?? call.world.store.system
    var hash = SHA256()
    for part in [
      Array(route.method.rawValue.utf8), Array(call.head.path), Array(call.head.query ?? []), call.body,
    ] {
      // Each part after its length, so that no two requests give the same bytes.
      Array("\(part.count):".utf8).withUnsafeBytes { hash.update($0) }
      part.withUnsafeBytes { hash.update($0) }
    }
    let actor = call.caller.name
    idempotency = Idempotency(
      actor: actor, key: key, digest: hash.finalizeDigest().text, status: route.success.status)
    name = "\(directory.name) \(actor) \(key)"
  }
}
