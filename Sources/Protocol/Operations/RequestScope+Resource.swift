import Access
import HTTP
import JSON
import SCIM
import Storage

// Operations on one resource (RFC 7644 §3.3, §3.4.1, §3.5, §3.6).
extension RequestScope {
  /// POST; answers 201 when the record is on disk.
  func create(_ type: ResourceType) throws(SCIMError) {
    let projection = try projection(of: type)
    let mediaType = try MediaTypes.answer(to: head)
    let creation = try ResourceCreation(try json(), as: type, dialect)
    observation.understood = .document(creation.document, members: creation.members, type)
    let shown = projection.showing(written: creation.document)
    let roles = type.hasGroups ? providerRoles : nil
    try directory().edit(context, isLarge: hasLargeBody) { tx throws(SCIMError) in
      guard let roles else { return try creation.run(&tx) }
      let id = try tx.step { tx throws(SCIMError) in try creation.run(&tx) }
      try roles.follow(id, &tx)
      return id
    } _: { result in
      self.finish(result) { resource in self.show(resource, .created, shown, mediaType) }
    }
  }

  /// GET; waits until every change that the answer shows is on disk.
  func read(_ type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) {
    let projection = try projection(of: type)
    let mediaType = try MediaTypes.answer(to: head)
    if type.isReadOnly, let roles = service.settings.roles {
      return try beside(directory(), roles) { [self] directory throws(SCIMError) in
        send(answer(try roles.listed(of: directory).read(type, id), projection, mediaType))
      }
    }
    let members = type.hasMembers && projection.shows("members")
    let directory = try directory()
    if type.hasGroups, let rights = try askedAccess(in: directory) {
      return beside(directory) {
        self.send(self.answer(directory.read(type, id, members: false), projection, mediaType, rights))
      }
    }
    let found = directory.read(type, id, members: members)
    if !projection.isVerbatim, found.contains(where: { $0.isLong }) {
      return beside(directory) {
        found.map { self.answer($0, projection, mediaType) }.whenDurable { self.send($0) }
      }
    }
    found.map { answer($0, projection, mediaType) }.whenDurable { self.send($0) }
  }

  private func answer(
    _ result: Result<StoredResource, SCIMError>, _ projection: Projection, _ mediaType: [UInt8]
  ) -> HTTPResponse {
    switch result {
    case .failure(let error): failure(error)
    case .success(let resource): answer(resource, projection, mediaType)
    }
  }

  /// Maximum bytes of documents that are projected on the loop.
  static let maxProjectedBytes = 256 * 1024
  /// Bytes of an answer that is built completely; a longer one is produced piece by piece as the client reads it.
  static let maxWholeBytes = 512 * 1024

  /// Runs work on a worker because it would block the event loop for too long; 503 if too much is waiting.
  func beside(_ directory: Directory, _ work: @escaping @Sendable () -> Void) {
    guard !directory.beside(work) else { return }
    fail(SCIMError(.busy, "Too many large requests are waiting. Try again in a moment."))
  }

  /// Does work that needs the list of roles: on a worker if the list is long and must be built first.
  func beside(
    _ directory: Directory, _ roles: RoleSource,
    _ work: @escaping @Sendable (Directory) throws(SCIMError) -> Void
  ) throws(SCIMError) {
    guard roles.isLong(of: directory) else { return try work(directory) }
    beside(directory) { do throws(SCIMError) { try work(directory) } catch { self.fail(error) } }
  }

  /// The resource; 412 if it is not the requested version, 304 if the client already has it.
  private func answer(
    _ resource: StoredResource, _ projection: Projection, _ mediaType: [UInt8]
  ) -> HTTPResponse {
    do throws(SCIMError) { try EntityTag.check(head[.ifMatch], resource.version) } catch {
      return failure(error)
    }
    // The version does not change when a member's name changes.
    guard let tags = head[.ifNoneMatch], !projection.showsNamesOfMembers,
      EntityTag.matches(tags, resource.version)
    else {
      return show(resource, .ok, projection, mediaType)
    }
    var response = HTTPResponse(status: .notModified)
    response.fields.append(.etag, resource.version)
    return response
  }

  /// PUT; answers 404 for a missing resource even if the body is malformed.
  func replace(_ type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) {
    let projection = try projection(of: type)
    let mediaType = try MediaTypes.answer(to: head)
    let json = try json()
    let replacement: ResourceReplacement
    do throws(SCIMError) { replacement = try ResourceReplacement(json, as: type, dialect) } catch {
      return try refuse(error, type, id)
    }
    observation.understood = .document(replacement.document, members: replacement.members, type)
    let edit = ResourceEdit.replace(replacement)
    let roles = type.hasGroups ? providerRoles : nil
    let shown = projection.showing(written: replacement.document)
    try directory().edit(context, isLarge: hasLargeBody) { tx throws(SCIMError) in
      try self.run(edit, &tx, type, id, roles)
    } _: { result in
      self.finish(result) { resource in self.show(resource, .ok, shown, mediaType) }
    }
  }

  /// PATCH; the members of a large group are not in the answer unless they are asked for.
  func modify(_ type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) {
    let projection = try projection(of: type)
    let mediaType = try MediaTypes.answer(to: head)
    let json = try json()
    let patch: PatchRequest
    do throws(SCIMError) { patch = try PatchRequest(json, for: type, dialect: dialect) } catch {
      return try refuse(error, type, id)
    }
    observation.understood = .patch(patch)
    let edit = ResourceEdit.modify(patch)
    let roles = type.hasGroups ? providerRoles : nil
    let brief = service.settings.maxMembersInPatchResponse
    let shownMembers = projection.isDefault ? brief : projection.shows("members") ? Int.max : 0
    try directory().edit(context, isLarge: hasLargeBody, membersUpTo: shownMembers) {
      tx throws(SCIMError) in
      try self.run(edit, &tx, type, id, roles)
    } _: { result in
      let shown = projection.showing(written: patch)
      self.finish(result) { resource in self.showModified(resource, shown, mediaType) }
    }
  }

  /// Runs an edit in the transaction, and updates the user's grants to match the roles that it names.
  private func run(
    _ edit: ResourceEdit, _ tx: inout Transaction, _ type: ResourceType, _ id: ArraySlice<UInt8>,
    _ roles: ProviderRoles?
  ) throws(SCIMError) -> ResourceID? {
    let (ifMatch, ifNoneMatch) = (head[.ifMatch], head[.ifNoneMatch])
    let id = String(decoding: id, as: UTF8.self)
    guard type.hasGroups, let roles else {
      return try edit.run(&tx, type, id, ifMatch: ifMatch, ifNoneMatch: ifNoneMatch)
    }
    let edited = try tx.step { tx throws(SCIMError) in
      try edit.run(&tx, type, id, ifMatch: ifMatch, ifNoneMatch: ifNoneMatch)
    }
    if let edited { try roles.follow(edited, &tx) }
    return edited
  }

  /// Answers a malformed body: with 404 if the resource does not exist, otherwise with the error.
  private func refuse(
    _ error: SCIMError, _ type: ResourceType, _ id: ArraySlice<UInt8>
  ) throws(SCIMError) {
    try directory().read(type, id, members: false).map { result in
      switch result {
      case .failure(let notFound): failure(notFound)
      case .success: failure(error)
      }
    }.whenDurable { self.send($0) }
  }

  /// DELETE; answers 204 when the record is on disk.
  func delete(_ type: ResourceType, _ id: ArraySlice<UInt8>) throws(SCIMError) {
    try directory().edit(context, isLarge: hasLargeBody) { tx throws(SCIMError) in
      try self.run(.delete, &tx, type, id, nil)
    } _: { result in
      result.map { result in
        switch result {
        case .success: HTTPResponse(status: .noContent)
        case .failure(let error): self.failure(error)
        }
      }.whenDurable { self.send($0) }
    }
  }

  // MARK: Answers

  /// Renders the answer now, and sends it when the change is on disk.
  private func finish(
    _ result: Pending<Result<StoredResource?, SCIMError>>, _ render: (StoredResource) -> HTTPResponse
  ) {
    result.map { result in
      switch result {
      case .success(let resource?): render(resource)
      case .success(nil): HTTPResponse(status: .noContent)
      case .failure(let error): failure(error)
      }
    }.whenDurable { self.send($0) }
  }

  /// 204 without a body if the client or the setting prefers it, and the request asks for no attributes.
  private func showModified(
    _ resource: StoredResource, _ projection: Projection, _ mediaType: [UInt8]
  ) -> HTTPResponse {
    let prefersMinimal =
      head[FieldName("Prefer")].map { String(decoding: $0, as: UTF8.self).lowercased() }?
      .contains("return=minimal") ?? false
    if projection.isDefault, prefersMinimal || service.settings.patchResponseIsMinimal {
      var response = HTTPResponse(status: .noContent)
      response.fields.append(.etag, resource.version)
      if prefersMinimal { response.fields.append(FieldName("Preference-Applied"), "return=minimal") }
      return response
    }
    return show(resource, .ok, projection, mediaType)
  }

  /// The resource with its version and location.
  func show(
    _ resource: StoredResource, _ status: HTTPStatus, _ projection: Projection, _ mediaType: [UInt8]
  ) -> HTTPResponse {
    let base = base
    let location = resource.locationBytes(base)
    var response = HTTPResponse(status: status, body: content(resource, projection, base))
    response.fields.append(.contentType, plain: mediaType)
    response.fields.append(.etag, resource.version)
    response.fields.append(.location, plain: location)
    response.fields.append(.contentLocation, plain: location)
    return response
  }

  /// The representation as bytes, or in pieces if it is large.
  private func content(_ resource: StoredResource, _ projection: Projection, _ base: String) -> HTTPBody {
    let estimated = resource.estimatedBytes
    if estimated > RequestScope.maxWholeBytes {
      return .stream(PieceProducer([resource], base: base, projections: [resource.type.name: projection]))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(estimated)
    resource.write(to: &bytes, base: base, projection)
    return .bytes(bytes)
  }

  /// The projection that `attributes` and `excludedAttributes` of the query string ask for.
  private func projection(of type: ResourceType) throws(SCIMError) -> Projection {
    guard head.query != nil else { return .standard(type) }
    let query = try parameters()
    return try Projection(attributes: query.attributes, excluded: query.excludedAttributes, of: type)
  }
}

extension Result<StoredResource, SCIMError> {
  /// Whether the resource is too large to be projected on the event loop.
  fileprivate var isLong: Bool {
    guard case .success(let resource) = self else { return false }
    return resource.documentBytes > RequestScope.maxProjectedBytes
  }
}
