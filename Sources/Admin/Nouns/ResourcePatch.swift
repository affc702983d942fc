import JSON
import SCIM

/// A PATCH body for the admin API: `schemas` may be omitted, and numbers may be text, as commands send them.
struct ResourcePatch: Sendable {
  let request: PatchRequest

  /// Throws for members that a PATCH does not have, so that a resource sent by mistake is not ignored.
  init(_ json: JSONValue, _ type: ResourceType) throws(SCIMError) {
    guard var object = json.objectValue else {
      throw SCIMError(.notAnObject, "The body must be a JSON object.")
    }
    for member in object.members where !["schemas", "Operations"].contains(member.name) {
      throw SCIMError(.invalidSyntax, "\"\(member.name.prefix(64))\" is not a member of PATCH operations.")
    }
    if object["schemas"] == nil { object["schemas"] = [.string(SchemaURN.patchOp)] }
    if let operations = object["Operations"]?.arrayValue {
      object["Operations"] = .array(operations.map { Self.typed($0, type) })
    }
    request = try PatchRequest(.object(object), for: type, dialect: ResourceActs.dialect)
  }

  /// Converts text for a numeric attribute to a number. Anything else stays, and is refused later if it does not fit.
  private static func typed(_ json: JSONValue, _ type: ResourceType) -> JSONValue {
    guard var operation = json.objectValue, let text = operation["value"]?.stringValue,
      let leaf = operation["path"]?.stringValue.flatMap({ type.path($0) })?.leaf,
      leaf.kind == .integer || leaf.kind == .decimal,
      let number = try? JSONParser.parse(Array(text.utf8))
    else { return json }
    operation["value"] = number
    return .object(operation)
  }
}
