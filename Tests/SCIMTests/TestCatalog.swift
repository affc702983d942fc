import JSON
import SCIM

/// User, Group and Device: the last has every kind and characteristic that the first two do not use.
enum TestCatalog {
  static let types: Result<[ResourceType], any Error> = Result {
    let device = try Schema(try Fixture("catalog", "device.json").json)
    let warranty = try Schema(try Fixture("catalog", "warranty.json").json)
    return try Catalog.standard().types + [
      ResourceType(
        name: "Device", endpoint: "/Devices", description: "Device", schema: device,
        extensions: [.init(schema: warranty, required: true)])
    ]
  }

  static func type(_ name: String) throws -> ResourceType {
    guard let type = try types.get().first(where: { $0.name == name }) else {
      throw FixtureError("no resource type \(name)")
    }
    return type
  }
}

/// A whole resource as JSON, for filters and sorting.
struct Subject: FilterSubject {
  let resource: JSONObject

  var id: String { resource["id"]?.stringValue ?? "" }

  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
    guard let schema else { return resource[attribute.name] }
    return resource[schema.id]?[attribute.name]
  }
}
