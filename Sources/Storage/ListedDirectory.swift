package import SCIM

/// Resources that the server lists from a file: queried like those of a directory, and never changed.
package final class ListedDirectory: @unchecked Sendable {
  // Sound: `state` is filled by `init` and never changed after.
  private let state: DirectoryState
  private let workers = WorkerPool()
  private let isSmall: Bool

  /// A resource of the list.
  package struct Resource: Sendable {
    let type: ResourceType
    let id: ResourceID
    let document: Document
    /// When it was made and last changed, in milliseconds since 1970; nil for the time of the list.
    let times: (created: Int64, modified: Int64)?

    package init(
      type: ResourceType, id: ResourceID, document: Document,
      times: (created: Int64, modified: Int64)? = nil
    ) {
      self.type = type
      self.id = id
      self.document = document
      self.times = times
    }
  }

  /// The number of resources searched immediately, on the request's thread.
  private static let maxAtOnce = 256

  /// - Parameters:
  ///   - revision: the version of all resources.
  ///   - time: when they were made and last changed, in milliseconds since 1970.
  package init(_ catalog: Catalog, _ resources: [Resource], revision: UInt64, time: Int64) {
    state = DirectoryState(catalog: catalog, options: StoreOptions())
    isSmall = resources.count <= Self.maxAtOnce
    for resource in resources {
      state.insert(
        Entry(
          id: resource.id, type: state.typeNumber(resource.type), created: resource.times?.created ?? time,
          modified: resource.times?.modified ?? time,
          revision: revision, body: EncodedDocument(resource.document, of: resource.type)))
    }
  }

  /// Throws 404 if the type has no resource of that id.
  package func read(_ type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) -> StoredResource {
    guard let slot = ResourceID(id).flatMap({ state.slot(of: $0, type) }),
      let found = state.stored(slot)?.resource
    else { throw .notFound("\(type.name) \(String(decoding: id.prefix(64), as: UTF8.self))") }
    return found
  }

  /// One page of the resources that match: at once on this thread if there are few, otherwise on a worker.
  package func query(
    _ query: ResourceQuery,
    _ completion: @escaping @Sendable (Result<ResourcePage, SCIMError>) -> Void
  ) {
    let capture = state.capture()
    if isSmall { return completion(capture.result(query)) }
    if !workers.submit(for: "", { completion(capture.result(query)) }) {
      completion(.failure(Directory.tooManySearches))
    }
  }
}
