import HTTP
import Insight
import SCIM
import Storage

/// Bytes that are not a request, for the ring.
final class MalformedRequest: ObservedRequest {
  private let requestID: String
  private let remote: String
  private let error: HTTPError
  private let refusal: SCIMError

  init(_ requestID: String, remote: String, _ error: HTTPError, _ refusal: SCIMError) {
    self.requestID = requestID
    self.remote = remote
    self.error = error
    self.refusal = refusal
  }

  var observedDirectory: String { DataFolder.systemName }
  var observedBytes: Int { 256 }

  func describe(to entry: inout EntryWriter, _ answer: ObservedAnswer) {
    entry.head(requestID, "", "", answer)
    entry.caller(remote: remote, agent: nil)
    entry.refused(error.name, hint: nil, length: nil, requests: 1)
    entry.error(refusal, [])
  }
}
