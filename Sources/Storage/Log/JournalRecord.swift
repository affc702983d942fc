import Platform

/// A record before it is a line of the journal: what must survive an erasure, and what may hold a person's values.
struct JournalRecord: Sendable {
  static let saltBytes = 16

  /// The members of a JSON object without its braces, on one line.
  var frame: [UInt8]
  /// A JSON object on one line.
  let payload: [UInt8]
  /// Random bytes that hide the payload in its commitment, so that nobody can test guesses of what was erased.
  let salt: [UInt8]

  init(frame: [UInt8], payload: [UInt8], salt: [UInt8]) {
    precondition(
      payload.first == UInt8(ascii: "{") && payload.last == UInt8(ascii: "}") && payload.count >= 2,
      "a payload is a JSON object")
    precondition(payload.withUnsafeBytes(SealedLine.isOneLine), "a payload is one line")
    precondition(!frame.isEmpty && frame.withUnsafeBytes(SealedLine.isOneLine), "a frame is one line")
    precondition(salt.count == Self.saltBytes, "a salt has 16 bytes")
    self.frame = frame
    self.payload = payload
    self.salt = salt
  }

  /// The payload's hash in the chain: SHA-256 of the salt and the payload.
  var commitment: Digest256 {
    var hash = SHA256()
    salt.withUnsafeBytes { hash.update($0) }
    payload.withUnsafeBytes { hash.update($0) }
    return hash.finalizeDigest()
  }

  /// The bytes that its line is counted as; it has no more.
  var charge: Int { frame.count + payload.count + RecordLine.overhead }
}
