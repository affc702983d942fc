package import JSON
package import Storage

/// Statistics of a data folder.
package struct StoreInfo: Sendable {
  package struct TypeCount: Sendable {
    package let type: String
    package let count: Int
    package let deleted: Int
  }

  package struct Item: Sendable {
    package let name: String
    package let types: [TypeCount]
    package let memberships: Int
    package let usage: DirectoryUsage
    /// The number of the last record.
    package let last: Int
    /// The number and time of the oldest record that is kept.
    package let oldest: Int?
    package let oldestTime: String?
    package let segments: Int
    package let segmentBytes: Int
    package let snapshots: Int
    package let snapshotBytes: Int
  }

  package let folder: String
  package let keys: Int
  package let directories: [Item]
}

extension StoreInfo.Item {
  init(_ info: DirectoryInfo) {
    self.init(
      name: info.name,
      types: info.counts.map { .init(type: $0.type, count: $0.count, deleted: $0.deleted) },
      memberships: info.memberships, usage: info.usage, last: Int(clamping: info.last),
      oldest: info.files.oldest.map { Int(clamping: $0) }, oldestTime: info.files.oldestTime,
      segments: info.files.segments, segmentBytes: info.files.segmentBytes,
      snapshots: info.files.snapshots, snapshotBytes: info.files.snapshotBytes)
  }

  var json: JSONValue {
    func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    var object: JSONObject = [
      "name": .string(name),
      "types": .array(
        types.map {
          ["type": .string($0.type), "count": number($0.count), "deleted": number($0.deleted)]
        }),
      "memberships": number(memberships), "usage": usage.json, "last": number(last),
    ]
    if let oldest { object["oldest"] = number(oldest) }
    if let oldestTime { object["oldestTime"] = .string(oldestTime) }
    object["segments"] = number(segments)
    object["segmentBytes"] = number(segmentBytes)
    object["snapshots"] = number(snapshots)
    object["snapshotBytes"] = number(snapshotBytes)
    return .object(object)
  }

  init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      name: try reader.text("name"),
      types: try reader.objects("types") { (reader) throws(AdminProblem) in
        StoreInfo.TypeCount(
          type: try reader.text("type"), count: try reader.integer("count"),
          deleted: try reader.integer("deleted"))
      },
      memberships: try reader.integer("memberships"),
      usage: try DirectoryUsage(try ObjectReader(try reader.json("usage"), at: "/usage")),
      last: try reader.integer("last"),
      oldest: try reader.optionalInteger("oldest"), oldestTime: try reader.optionalText("oldestTime"),
      segments: try reader.integer("segments"), segmentBytes: try reader.integer("segmentBytes"),
      snapshots: try reader.integer("snapshots"), snapshotBytes: try reader.integer("snapshotBytes"))
  }
}

extension StoreInfo {
  package var json: JSONValue {
    [
      "folder": .string(folder), "keys": .integer(Int64(keys)),
      "directories": .array(directories.map(\.json)),
    ]
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    self.init(
      folder: try reader.text("folder"), keys: try reader.integer("keys"),
      directories: try reader.objects("directories") { (reader) throws(AdminProblem) in try Item(reader) })
  }

  static var schema: AdminSchema {
    let type = AdminSchema.object([
      .init("type", .text), .init("count", .integer), .init("deleted", .integer),
    ])
    let item = AdminSchema.object([
      .init("name", .text), .init("types", .list(type)), .init("memberships", .integer),
      .init("usage", DirectoryUsage.schema),
      .init("last", .integer), .init("oldest", .integer, optional: true),
      .init("oldestTime", .text, optional: true), .init("segments", .integer),
      .init("segmentBytes", .integer), .init("snapshots", .integer), .init("snapshotBytes", .integer),
    ])
    return .object([.init("folder", .text), .init("keys", .integer), .init("directories", .list(item))])
  }
}

extension DirectoryUsage {
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "resources": .integer(Int64(resources)), "bytes": .integer(Int64(bytes)),
      "largest": .integer(Int64(largest)), "deleted": .integer(Int64(deleted)),
    ]
    for (name, value) in DirectoryQuotas.members {
      object[name] = .integer(Int64(quotas[keyPath: value]))
    }
    return .object(object)
  }

  fileprivate init(_ reader: ObjectReader) throws(AdminProblem) {
    var quotas = DirectoryQuotas()
    for (name, value) in DirectoryQuotas.members { quotas[keyPath: value] = try reader.integer(name) }
    self.init(
      resources: try reader.integer("resources"), bytes: try reader.integer("bytes"),
      largest: try reader.integer("largest"), deleted: try reader.integer("deleted"), quotas: quotas)
  }

  fileprivate static var schema: AdminSchema {
    let names = ["resources", "bytes", "largest", "deleted"] + DirectoryQuotas.members.map(\.name)
    return .object(names.map { .init($0, .integer) })
  }
}
