import Credentials
import JSON
import SCIM
import Storage

// The managers of resources: shown only by the admin API, never in SCIM answers.
extension ResourceActs {
  private static let member = "managedBy"

  /// The overviews with their managers.
  func managed(_ overviews: [ResourceOverview]) -> [ResourceOverview] {
    let managers = directory.managers(of: overviews.map(\.id)).whenDurable()
    return overviews.map { overview in
      var overview = overview
      overview.managedBy = managers[overview.id].map(named)
      return overview
    }
  }

  /// Adds the manager as the last member of a representation.
  func appendManager(of resource: StoredResource, to bytes: inout [UInt8]) {
    guard bytes.last == UInt8(ascii: "}"),
      let manager = directory.managers(of: [resource.id.text]).whenDurable()[resource.id.text]
    else { return }
    bytes.removeLast()
    bytes += ",\"\(Self.member)\":".utf8
    bytes += named(manager).json.serialized() + [UInt8(ascii: "}")]
  }

  /// Removes the member, so that a resource that was read can be sent back; it is not an attribute.
  func withoutManager(_ json: JSONValue) -> JSONValue {
    guard var object = json.objectValue, object[Self.member] != nil else { return json }
    object[Self.member] = nil
    return .object(object)
  }

  /// Adds the name of a managing key, which the directory's state does not have.
  private func named(_ manager: ResourceManager) -> ResourceManager {
    guard manager.kind == .key, let id = manager.id else { return manager }
    var manager = manager
    manager.name = call.world.keys.key(id)?.name
    return manager
  }
}
