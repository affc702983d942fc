import HTTP
import JSON
import SCIM
import Storage

// Queries over collections (RFC 7644 §3.4.2, §3.4.3).
extension RequestScope {
  /// Answers a list; long ones are projected on a worker instead of the event loop.
  func query(_ query: ListQuery, over types: [ResourceType]) throws(SCIMError) {
    if service.ring != nil { observation.understood = .query(query, []) }
    let mediaType = try MediaTypes.answer(to: head)
    let shown = try projections(query, types)
    let directory = try directory()
    let rights =
      types.contains(where: \.hasGroups) ? AskedAccess(query.attributes, in: directory, service) : nil
    let walk = query.cursor.map { _ in
      CursorSeal.Binding(query, types, directory: "\(directory.name) \(directory.incarnation)")
    }
    let resourceQuery = try bound(
      query, types, walk, showsMembers: shown.values.contains { $0.shows("members") })
    if service.ring != nil { observation.understood = .query(query, resourceQuery.parts) }
    let answer = { @Sendable (result: Result<ResourcePage, SCIMError>) -> HTTPResponse in
      switch result {
      case .success(let page):
        self.list(
          page, resourceQuery, shown, mediaType, rights,
          next: page.next.flatMap { next in
            walk.map { self.service.cursors.seal(next, count: query.count, $0) }
          })
      case .failure(let error): self.failure(error)
      }
    }
    if types.allSatisfy(\.isReadOnly), let roles = service.settings.roles {
      try beside(directory, roles) { [self] directory throws(SCIMError) in
        roles.listed(of: directory).query(resourceQuery) { self.send(answer($0)) }
      }
    } else {
      directory.query(resourceQuery) { found in
        let send = { @Sendable in found.map(answer).whenDurable { self.send($0) } }
        if rights != nil || RequestScope.isLong(found, shown) {
          self.beside(directory, send)
        } else {
          send()
        }
      }
    }
  }

  /// By the names of the types.
  private func projections(
    _ query: ListQuery, _ types: [ResourceType]
  ) throws(SCIMError) -> [String: Projection] {
    var projections: [String: Projection] = [:]
    for type in types {
      projections[type.name] = try Projection(
        attributes: query.attributes, excluded: query.excludedAttributes, of: type)
    }
    return projections
  }

  /// Whether the projected resources are too large to be written on the event loop.
  private static func isLong(
    _ found: Pending<Result<ResourcePage, SCIMError>>, _ projections: [String: Projection]
  ) -> Bool {
    guard projections.values.contains(where: { !$0.isVerbatim }) else { return false }
    return found.contains(where: { result in
      guard case .success(let page) = result else { return false }
      return page.resources.reduce(0) { $0 + $1.documentBytes } > maxProjectedBytes
    })
  }

  /// Resolves filter and sort attributes for each type. With one type, an unknown attribute is an error; with several,
  /// a type without it has no match.
  private func bound(
    _ query: ListQuery, _ types: [ResourceType], _ walk: CursorSeal.Binding?, showsMembers: Bool
  ) throws(SCIMError) -> ResourceQuery {
    let expression = try query.filter.map { text throws(SCIMError) in
      var dialect = dialect
      return try FilterParser.parse(text, dialect: &dialect)
    }
    let isSingle = types.count == 1
    var parts: [ResourceQuery.Part] = []
    for type in types {
      let filter = try expression.map { expression throws(SCIMError) in try bound(expression, type, isSingle)
      }
      var sort: SortKey?
      if let name = query.sortBy {
        do throws(SCIMError) { sort = try SortKey(name, descending: query.descending, of: type) } catch {
          if isSingle { throw error }
        }
      }
      parts.append(.init(type: type, filter: filter, sort: sort))
    }
    var start: CursorStart?
    if let walk, let cursor = query.cursor {
      start =
        cursor.isEmpty ? .first : .after(try service.cursors.open(cursor, count: query.count, walk))
    }
    let limit = service.settings.maxResults
    return ResourceQuery(
      parts: parts, startIndex: query.startIndex, cursor: start, count: min(query.count ?? limit, limit),
      maxBytes: service.settings.maxPageBytes, base: base, showsMembers: showsMembers)
  }

  /// RFC 7644 §7.5.2: a filter on a secret attribute is 403 if it is in the URL, 400 if it is in a body.
  private func bound(
    _ expression: FilterExpression, _ type: ResourceType, _ isSingle: Bool
  ) throws(SCIMError) -> Filter {
    do throws(SCIMError) {
      var dialect = dialect
      let expression = expression.rewritten(for: type, &dialect)
      return try FilterBinding(type: type, unknown: isSingle ? .refuse : .noValue).bind(expression)
    } catch {
      throw error.kind == .sensitive && method == .post ? SCIMError(.filterSecretInBody, error.detail) : error
    }
  }

  /// The ListResponse (RFC 7644 §3.4.2), as bytes or, if it is large, in pieces.
  private func list(
    _ page: ResourcePage, _ query: ResourceQuery, _ projections: [String: Projection], _ mediaType: [UInt8],
    _ rights: AskedAccess?, next: String?
  ) -> HTTPResponse {
    let base = query.base
    let estimated = page.estimatedBytes
    let isLarge = estimated > RequestScope.maxWholeBytes && rights == nil
    var bytes: [UInt8] = []
    bytes.reserveCapacity(isLarge ? 512 : 256 + estimated)
    bytes.append(
      contentsOf: "{\"schemas\":[\"\(SchemaURN.listResponse)\"],\"totalResults\":\(page.total)".utf8)
    if query.cursor == nil { bytes.append(contentsOf: ",\"startIndex\":\(query.startIndex)".utf8) }
    bytes.append(contentsOf: ",\"itemsPerPage\":\(page.resources.count)".utf8)
    // No letter of a cursor needs an escape.
    if let next { bytes.append(contentsOf: ",\"nextCursor\":\"\(next)\"".utf8) }
    bytes.append(contentsOf: ",\"Resources\":[".utf8)
    let end = Array("]}".utf8)
    var response = HTTPResponse(status: .ok)
    response.fields.append(.contentType, plain: mediaType)
    guard !isLarge else {
      response.body = .stream(
        PieceProducer(head: bytes, page.resources, tail: end, base: base, projections: projections))
      return response
    }
    for (index, resource) in page.resources.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      if let projection = projections[resource.type.name] {
        let start = bytes.count
        resource.write(to: &bytes, base: base, projection)
        rights?.add(of: resource, to: &bytes, from: start)
      }
    }
    bytes.append(contentsOf: end)
    response.body = .bytes(bytes)
    return response
  }
}
