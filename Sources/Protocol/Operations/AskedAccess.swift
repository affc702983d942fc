import Access
import HTTP
import JSON
import SCIM
import Storage

/// What users may do, in answers to clients that ask for it by `attributes`: an extension that is computed from the
/// directory's roles and never stored.
struct AskedAccess: Sendable {
  private let access: DirectoryAccess
  private let schema: Schema
  /// Names of attributes in lower case; nil for all.
  private let names: Set<String>?

  /// Nil if nothing of it is asked for, or if the roles of directories are not served.
  init?(_ attributes: [String]?, in directory: Directory, _ service: SCIMService) {
    guard let attributes, case .directory(let roles) = service.settings.roles else { return nil }
    schema = roles.userAccess
    let urn = CaseFolding.lowered(roles.userAccess.id)
    // What comes after the URN: nothing, or a colon and a name.
    let asked = attributes.map { CaseFolding.lowered($0).utf8 }.filter { $0.starts(with: urn.utf8) }
      .map { $0.dropFirst(urn.utf8.count) }.filter { $0.first.map { $0 == UInt8(ascii: ":") } ?? true }
    guard !asked.isEmpty else { return nil }
    if asked.contains(where: \.isEmpty) {
      names = nil
    } else {
      // A sub-attribute brings the whole attribute.
      names = Set(
        asked.map { String(decoding: $0.dropFirst().prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self) })
    }
    access = roles.access(in: directory)
  }

  /// Appends it to a user that was just written as JSON; blocks until what it says is on disk.
  func add(of resource: StoredResource, to bytes: inout [UInt8], from start: Int) {
    guard resource.type.hasGroups, let found = access.access(of: resource.id.text).whenDurable(),
      let brace = bytes.indices.last, let bracket = bytes[start...].firstIndex(of: UInt8(ascii: "]"))
    else { return }
    let object = json(found)
    guard !object.isEmpty else { return }
    bytes[brace] = UInt8(ascii: ",")
    bytes += Array("\"\(schema.id)\":".utf8) + JSONValue.object(object).serialized() + [UInt8(ascii: "}")]
    // A resource begins with its schemas.
    bytes.insert(contentsOf: Array(",\"\(schema.id)\"".utf8), at: bracket)
  }

  private func json(_ found: EffectiveAccess) -> JSONObject {
    var object = JSONObject()
    func set(_ name: String, _ value: JSONValue) {
      guard names?.contains(CaseFolding.lowered(name)) ?? true else { return }
      object[name] = value
    }
    if let role = found.accountRole { set("accountRole", .string(role.value)) }
    if !found.holdings.isEmpty { set("roles", .array(found.holdings.map(json))) }
    var permissions: [JSONValue] = found.permissions.map { ["value": .string($0)] }
    for (target, values) in found.targetPermissions {
      permissions += values.map { ["value": .string($0), "target": .string(target)] }
    }
    if !permissions.isEmpty { set("permissions", .array(permissions)) }
    return object
  }

  private func json(_ holding: EffectiveAccess.Holding) -> JSONValue {
    var object: JSONObject = ["value": .string(holding.role.role.value)]
    if let display = holding.role.role.display { object["display"] = .string(display) }
    object["type"] = .string(holding.role.role.kind.rawValue)
    if let target = holding.target { object["target"] = .string(target.name) }
    if !holding.via.isEmpty { object["via"] = .array(holding.via.map { .string($0.id.text) }) }
    object["grant"] = .string(holding.grant.id.text)
    if let expires = holding.grant.expires {
      object["expires"] = .string(DateTime(milliseconds: expires).description)
    }
    return .object(object)
  }
}

extension RequestScope {
  /// Of a request for one resource.
  func askedAccess(in directory: Directory) throws(SCIMError) -> AskedAccess? {
    guard head.query != nil else { return nil }
    return AskedAccess(try parameters().attributes, in: directory, service)
  }

  /// The user with what the user may do. There is no 304: the version knows nothing of that. Blocks.
  func answer(
    _ found: Pending<Result<StoredResource, SCIMError>>, _ projection: Projection, _ mediaType: [UInt8],
    _ rights: AskedAccess
  ) -> HTTPResponse {
    do throws(SCIMError) {
      let resource = try found.whenDurable().get()
      try EntityTag.check(head[.ifMatch], resource.version)
      var response = show(resource, .ok, projection, mediaType)
      var bytes: [UInt8] = []
      resource.write(to: &bytes, base: base, projection)
      rights.add(of: resource, to: &bytes, from: 0)
      response.body = .bytes(bytes)
      return response
    } catch {
      return failure(error)
    }
  }
}
