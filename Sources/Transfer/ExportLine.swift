package import JSON
import SCIM
package import Storage

/// Resources as JSON lines that `scimd import` can read.
package enum ExportLine {
  /// A resource in the form of RFC 7643 §3, without `meta.version`; members by id and type.
  package static func json(_ resource: ExportedResource) -> JSONValue {
    var object: JSONObject = [
      "schemas": .array(resource.document.schemas(of: resource.type).map { .string($0) }),
      "id": .string(resource.id),
    ]
    object.members += resource.document.attributes.members
    if !resource.members.isEmpty {
      object["members"] = .array(
        resource.members.map { ["value": .string($0.id), "type": .string($0.type.name)] })
    }
    object["meta"] = [
      "resourceType": .string(resource.type.name),
      "created": .string(DateTime(milliseconds: resource.created).description),
      "lastModified": .string(DateTime(milliseconds: resource.modified).description),
    ]
    return .object(object)
  }
}
