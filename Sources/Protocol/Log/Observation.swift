import JSON
import SCIM
import Storage

/// What the ring keeps of a request beyond its head: how it was understood, and why it was refused.
struct Observation: Sendable {
  enum Understood: Sendable {
    case nothing
    /// A body that was not understood any further.
    case body(JSONValue)
    case document(Document, members: [String], ResourceType)
    case patch(PatchRequest)
    case bulk(BulkRequest)
    /// With the filters by type; without them if they were not understood.
    case query(ListQuery, [ResourceQuery.Part])
  }

  var understood = Understood.nothing
  var error: SCIMError?
  /// Of the operations of a bulk request, with the part of their paths that may be a name.
  var failures: [(error: SCIMError, hidden: String?)] = []
}
