package import JSON
import Platform
import SCIM

/// A request that must not be carried out twice: its name and a digest of its contents.
package struct Idempotency: Sendable {
  /// Notes of repeated requests that a directory keeps.
  static let maxKept = 10_000
  /// How long a request is remembered for repetition, in milliseconds.
  package static let lifetime: Int64 = 86_400_000

  fileprivate static let prefix = "idempotency:"

  let note: String
  /// The digest of the request's contents, as hexadecimal digits.
  let digest: String
  /// The status of its answer.
  let status: Int

  /// - Parameters:
  ///   - actor: whose key it is; two clients may choose the same.
  ///   - key: the client's choice.
  package init(actor: String, key: String, digest: String, status: Int) {
    note = "\(Self.prefix)\(actor):\(key)"
    self.digest = digest
    self.status = status
  }

  /// A previous request with the same key: either the same request or a different one.
  package enum Known: Sendable {
    /// With the id of the resource that it made or changed first, the status of its answer, and of the answer what was
    /// kept.
    case same(id: String?, status: Int, answer: JSONValue?)
    case other
  }

  /// Compares with the note of an earlier request; nil without one or after its lifetime.
  func known(_ value: JSONValue?, now: Int64) -> Known? {
    guard let value, let time = value["time"]?.integerValue, now - time < Self.lifetime else { return nil }
    guard value["digest"]?.stringValue.map({ $0.hasSameBytes(as: digest) }) == true else { return .other }
    return .same(
      id: value["id"]?.stringValue,
      status: value["status"]?.integerValue.flatMap { Int(exactly: $0) } ?? status, answer: value["answer"])
  }

  /// The value of the note that records the request with its answer.
  fileprivate func value(_ subject: ResourceID?, _ answer: JSONValue?, now: Int64) -> JSONValue {
    var object: JSONObject = [
      "digest": .string(digest), "status": .integer(Int64(status)), "time": .integer(now),
    ]
    object["id"] = subject.map { .string($0.text) }
    object["answer"] = answer
    return .object(object)
  }
}

extension Transaction {
  /// Keeps, in the record of the changes, that they were made; also if there are none.
  mutating func note(_ idempotency: Idempotency) {
    let subject = changes.first?.subject
    makeRoomForIdempotency()
    // The record of an erasure outlives the values of the resource.
    let isErased = changes.first?.kind == .erase
    note(
      idempotency.note, about: isErased ? nil : subject, idempotency.value(subject, keptAnswer, now: now))
  }

  /// The oldest tenth gives way when there are too many.
  private mutating func makeRoomForIdempotency() {
    // Looking at each is for when there may be too many.
    guard state.notes.count >= Idempotency.maxKept else { return }
    let kept = state.notes.keys(withPrefix: Idempotency.prefix)
    guard kept.count >= Idempotency.maxKept else { return }
    let byAge = kept.map { (key: $0, time: state.notes[$0]?.value["time"]?.integerValue ?? 0) }
    for (key, _) in byAge.sorted(by: { $0.time < $1.time }).prefix(kept.count / 10) { note(key, nil) }
  }
}

extension Change {
  /// The resource that the change is about.
  fileprivate var subject: ResourceID? {
    if case .members(let group, _, _) = self { group } else { resource?.id }
  }
}

extension Directory {
  /// Whether the request was carried out before, or another one with its key; nil if neither is known.
  package func known(_ idempotency: Idempotency) -> Pending<Idempotency.Known?> {
    let now = environment.now()
    return note(idempotency.note).map { idempotency.known($0, now: now) }
  }
}
