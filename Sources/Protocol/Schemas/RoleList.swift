package import JSON
import Platform
package import SCIM
package import Storage

/// The roles and entitlements that users may have, from a file: what `/Roles` and `/Entitlements` list (the IETF's
/// draft on roles and entitlements).
///
///     {"roles": [{"value": "admin", "display": "Administrator", ...}, ...], "entitlements": [...]}
/// An omitted member is not served.
package final class RoleList: Sendable {
  package static let maxEntries = 10_000

  /// The types of the members that the file has, and their schemas.
  package let catalog: Catalog
  package let directory: ListedDirectory

  private static let members = [("roles", "Role"), ("entitlements", "Entitlement")]

  /// Reads the content of the file; throws `SchemaError` with the JSON pointer of the value that is wrong.
  ///
  /// - Parameter time: when the file was last changed, in milliseconds since 1970.
  package init(_ json: JSONValue, time: Int64) throws(SchemaError) {
    guard let object = json.objectValue else { throw SchemaError("", "must be a JSON object") }
    let known = Self.members.map(\.0)
    for member in object.members where !known.contains(member.name) {
      throw SchemaError("/\(member.name)", "is neither \"roles\" nor \"entitlements\"")
    }
    let all = try Catalog.listed()
    let types = Self.members.compactMap { name, type in object[name] == nil ? nil : all.type(named: type) }
    catalog = Catalog(
      schemas: all.schemas.filter { schema in types.contains { $0.schema === schema } }, types: types)
    var resources: [ListedDirectory.Resource] = []
    for (name, type) in zip(Self.members.map(\.0).filter { object[$0] != nil }, types) {
      resources += try Self.resources(object[name] ?? .null, "/\(name)", type)
    }
    guard resources.count <= Self.maxEntries else {
      throw SchemaError("", "has \(resources.count) entries; the maximum is \(Self.maxEntries)")
    }
    let digest = SHA256.digest(json.serialized())
    directory = ListedDirectory(
      catalog, resources, revision: digest.prefix(6).reduce(0) { $0 << 8 | UInt64($1) }, time: time)
  }

  /// The types in ServiceProviderConfig: its member `RolesAndEntitlements`.
  static func capabilities(_ catalog: Catalog) -> JSONValue {
    var object = JSONObject()
    for (name, type) in members {
      let several = "multiple\(type == "Role" ? "Roles" : "Entitlements")Supported"
      object[name] = [
        "supported": .bool(catalog.type(named: type) != nil), several: true, "primarySupported": true,
        "typeSupported": true,
      ]
    }
    return .object(object)
  }

  /// The entries of one member; throws for a value that is listed twice.
  private static func resources(
    _ json: JSONValue, _ place: String, _ type: ResourceType
  ) throws(SchemaError) -> [ListedDirectory.Resource] {
    guard let entries = json.arrayValue else { throw SchemaError(place, "must be an array") }
    var seen = Set<String>()
    var resources: [ListedDirectory.Resource] = []
    for (index, entry) in entries.enumerated() {
      let here = "\(place)/\(index)"
      let document = try document(entry, here, type)
      guard let value = document.attributes["value"]?.stringValue, !value.isEmpty else {
        throw SchemaError(here, "\"value\" is missing")
      }
      guard seen.insert(value).inserted else {
        throw SchemaError("\(here)/value", "\"\(value)\" is listed twice")
      }
      resources.append(.init(type: type, id: id(of: value, type), document: document))
    }
    return resources
  }

  /// One entry, checked against its schema.
  private static func document(
    _ entry: JSONValue, _ place: String, _ type: ResourceType
  ) throws(SchemaError) -> Document {
    guard let object = entry.objectValue else { throw SchemaError(place, "must be a JSON object") }
    var document = Document()
    var values = ValueDecoder(dialect: Dialect())
    for member in object.members {
      guard let attribute = type.schema.attributes[member.name] else {
        throw SchemaError("\(place)/\(member.name)", "is not an attribute of a \(type.name)")
      }
      do throws(SCIMError) {
        let path = AttributePath(schema: nil, attribute: attribute, sub: nil)
        document[attribute, nil] = try values.value(member.value, for: attribute, at: path)
      } catch {
        throw SchemaError("\(place)/\(member.name)", error.detail)
      }
    }
    return document.ordered(for: type)
  }

  /// A UUID made from a digest (RFC 9562 version 8), so that a value has the same id after every start.
  static func id(of value: String, _ type: ResourceType) -> ResourceID {
    var bytes = Array(SHA256.digest(Array("\(type.name)\u{0}\(value)".utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return ResourceID(bytes: bytes)
  }
}
