import JSON

/// Adds schemas and resource types from files to those of the RFC, and reports everything that conflicts.
package struct CatalogBuilder {
  package static let maxFiles = 200
  private static let maxTypes = 100
  /// First path segments that are reserved and not available for resource types; in lower case.
  package static let reservedEndpoints: Set<String> = [
    "bulk", "entitlements", "livez", "me", "metrics", "readyz", "resourcetypes", "roles", "schemas", "scim",
    "serviceproviderconfig",
  ]

  private var schemas: [Schema]
  private var types: [ResourceType]
  private let administrative: [ResourceType]
  /// The files that define them, by URN and by name, in lower case.
  private var origins: [String: String] = [:]
  private var problems: [CatalogProblem] = []

  private init(_ standard: Catalog) {
    schemas = standard.schemas
    types = standard.types
    administrative = standard.stored.filter(\.isAdministrative)
  }

  /// The standard catalog with what the files define; a resource type named User or Group adds its extensions to the
  /// built-in one. Throws all problems of a stage at once: files, then schemas, then resource types.
  package static func catalog(of files: [CatalogFile]) throws(CatalogError) -> Catalog {
    let standard: Catalog
    do throws(SchemaError) { standard = try Catalog.standard() } catch {
      throw CatalogError([CatalogProblem(file: "this program", error)])
    }
    var builder = CatalogBuilder(standard)
    if files.count > maxFiles {
      builder.add("\(files.count) files", SchemaError("", "a folder of schemas may have at most \(maxFiles)"))
    }
    var definitions: [(file: String, definition: ResourceTypeDefinition)] = []
    for file in files {
      builder.attempt(file.name) { builder throws(SchemaError) in
        switch try kind(of: file.json) {
        case .schema: try builder.take(schema: try Schema(file.json, isOwn: true), from: file.name)
        case .resourceType: definitions.append((file.name, try ResourceTypeDefinition(file.json)))
        }
      }
    }
    try builder.check()
    for (file, definition) in definitions {
      builder.attempt(file) { builder throws(SchemaError) in try builder.take(definition, from: file) }
    }
    if builder.types.count > maxTypes {
      builder.add("\(builder.types.count) types", SchemaError("", "the maximum is \(maxTypes)"))
    }
    try builder.check()
    return Catalog(
      schemas: builder.schemas, types: builder.types, administrative: builder.administrative)
  }

  private enum Kind { case schema, resourceType }

  /// The kind of definition in a file, by its `schemas`.
  private static func kind(of json: JSONValue) throws(SchemaError) -> Kind {
    let reader = try DefinitionReader(json)
    let urns = try reader.list("schemas") ?? []
    func lists(_ urn: String) -> Bool {
      urns.contains { $0.stringValue.map { CaseFolding.sameName($0, urn) } ?? false }
    }
    switch (lists(SchemaURN.schema), lists(SchemaURN.resourceType)) {
    case (true, false): return .schema
    case (false, true): return .resourceType
    default:
      throw reader.error(
        "schemas",
        "must list \"\(SchemaURN.schema)\" for a schema or \"\(SchemaURN.resourceType)\" for a resource type")
    }
  }

  private mutating func add(_ file: String, _ error: SchemaError) {
    problems.append(CatalogProblem(file: file, error))
  }

  /// Runs `body`, and keeps its error so that all files are checked.
  private mutating func attempt(
    _ file: String, _ body: (inout CatalogBuilder) throws(SchemaError) -> Void
  ) {
    do throws(SchemaError) { try body(&self) } catch { add(file, error) }
  }

  private func check() throws(CatalogError) {
    if !problems.isEmpty { throw CatalogError(problems) }
  }

  /// The other owner of the key: a file, or the built-in schemas.
  private func owner(_ key: String) -> String { origins[key] ?? "this program" }

  // MARK: Schemas

  /// Adds a schema; throws if another one has the same id.
  private mutating func take(schema: Schema, from file: String) throws(SchemaError) {
    let key = CaseFolding.lowered(schema.id)
    guard !schemas.contains(where: { CaseFolding.sameName($0.id, schema.id) }) else {
      throw SchemaError("/id", "\(schema.id) is already defined by \(owner(key))")
    }
    schemas.append(schema)
    origins[key] = file
  }

  /// A schema that resources can have; throws if it does not exist or describes the server.
  private func schema(_ urn: String, at place: String) throws(SchemaError) -> Schema {
    guard let found = schemas.first(where: { CaseFolding.sameName($0.id, urn) }) else {
      throw SchemaError(place, "no schema has the id \"\(urn)\"; is its file in the folder?")
    }
    guard ![SchemaURN.schema, SchemaURN.resourceType, SchemaURN.serviceProviderConfig].contains(found.id)
    else { throw SchemaError(place, "\(found.id) describes the server itself; resources cannot use it") }
    return found
  }

  // MARK: Resource types

  /// Adds a new type, or extensions to User or Group.
  private mutating func take(_ definition: ResourceTypeDefinition, from file: String) throws(SchemaError) {
    let reader = definition.reader
    let key = CaseFolding.lowered(definition.name)
    let base = try schema(definition.schema, at: reader.pointer("schema"))
    guard origins["type " + key] == nil else {
      throw reader.error(
        "name", "the resource type \(definition.name) is already defined by \(owner("type " + key))")
    }
    if let index = types.firstIndex(where: { CaseFolding.sameName($0.name, definition.name) }) {
      let known = types[index]
      guard definition.name.hasSameBytes(as: known.name) else {
        throw reader.error(
          "name", "is \(known.name) in different letter case; write \(known.name) to extend that type")
      }
      guard CaseFolding.sameName(definition.endpoint, known.endpoint), base === known.schema else {
        throw SchemaError(
          "",
          "\(known.name) is built in: its endpoint is \(known.endpoint) and its schema \(known.schema.id); only "
            + "extensions can be added")
      }
      types[index] = ResourceType(
        name: known.name, endpoint: known.endpoint, description: known.description, schema: base,
        extensions: try extensions(of: definition, base, adding: known.extensions))
    } else {
      guard !administrative.contains(where: { CaseFolding.sameName($0.name, definition.name) }) else {
        throw reader.error(
          "name", "\(definition.name) is reserved for administration; choose another name")
      }
      try checkEndpoint(definition)
      types.append(
        ResourceType(
          name: definition.name, endpoint: definition.endpoint, description: definition.description,
          schema: base, extensions: try extensions(of: definition, base, adding: [])))
    }
    origins["type " + key] = file
  }

  /// Throws for an endpoint that the server or another type uses.
  private func checkEndpoint(_ definition: ResourceTypeDefinition) throws(SchemaError) {
    let reader = definition.reader
    let name = CaseFolding.lowered(String(definition.endpoint.dropFirst()))
    let isVersion =
      name.utf8.first == UInt8(ascii: "v")
      && name.utf8.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard !Self.reservedEndpoints.contains(name), !isVersion else {
      throw reader.error(
        "endpoint", "\(definition.endpoint) is an endpoint of the server itself; choose another")
    }
    if let other = types.first(where: { CaseFolding.sameName($0.endpoint, definition.endpoint) }) {
      throw reader.error("endpoint", "\(definition.endpoint) is already the endpoint of \(other.name)")
    }
  }

  /// The extensions of a type: those it has and those of the definition, which replace them.
  private func extensions(
    of definition: ResourceTypeDefinition, _ base: Schema, adding known: [ResourceType.Extension]
  ) throws(SchemaError) -> [ResourceType.Extension] {
    var extensions = known
    var given: [Schema] = []
    for (index, (urn, required)) in definition.extensions.enumerated() {
      let place = definition.extensionPlace(index)
      let schema = try schema(urn, at: place)
      guard schema !== base else { throw SchemaError(place, "\(urn) is the schema of the type itself") }
      guard !given.contains(where: { $0 === schema }) else {
        throw SchemaError(place, "\(urn) is listed twice")
      }
      given.append(schema)
      extensions.removeAll { $0.schema === schema }
      extensions.append(.init(schema: schema, required: required))
    }
    guard extensions.count <= ResourceType.maxExtensions else {
      throw definition.reader.error(
        "schemaExtensions", "a resource type may have at most \(ResourceType.maxExtensions) extensions")
    }
    return extensions
  }
}
