import JSON

/// Compares answers with what an OpenAPI document says of them; knows the part of JSON Schema that ours uses.
struct OpenAPIChecker {
  private let document: JSONValue

  init(_ document: JSONValue) { self.document = document }

  /// What is wrong with an answer; empty if nothing is.
  func problems(
    _ method: String, _ target: String, status: Int, mediaType: String, _ json: JSONValue
  ) -> [String] {
    let path = String(target.prefix { $0 != "?" })
    guard let operation = operation(method, path) else {
      // What the document does not have is refused as a problem.
      return status == 404 || status == 405 || status == 400
        ? check(json, problem, "problem") : ["undescribed"]
    }
    let described = operation["responses"]?[String(status)]
    guard let described else {
      guard mediaType == "application/problem+json" else { return ["status \(status) as \(mediaType)"] }
      return check(json, problem, "problem")
    }
    guard described["content"] != nil else { return mediaType.isEmpty ? [] : ["media type \(mediaType)"] }
    guard let schema = described["content"]?[mediaType]?["schema"] ?? text(described, mediaType) else {
      return ["media type \(mediaType)"]
    }
    return json.isNull ? [] : check(json, schema, "body")
  }

  /// Lines and tables are described by their first media type.
  private func text(_ response: JSONValue, _ mediaType: String) -> JSONValue? {
    mediaType.hasPrefix("text/csv") ? response["content"]?["application/x-ndjson"]?["schema"] : nil
  }

  private var problem: JSONValue { ["$ref": "#/components/schemas/Problem"] }

  private func operation(_ method: String, _ path: String) -> JSONValue? {
    // A path without parameters is meant before one with them (OpenAPI 3.1, 4.8.8).
    let found = (document["paths"]?.objectValue?.members ?? []).filter { Self.matches($0.name, path) }
    let best = found.min { $0.name.split(separator: "{").count < $1.name.split(separator: "{").count }
    return best?.value[method.lowercased()]
  }

  static func matches(_ template: String, _ path: String) -> Bool {
    let (a, b) = (
      template.split(separator: "/"), path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    )
    return a.count == b.count && zip(a, b).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }

  func check(_ json: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
    if let reference = schema["$ref"]?.stringValue {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let found = document["components"]?["schemas"]?[name] else {
        return ["\(place): no schema \(name)"]
      }
      return check(json, found, place)
    }
    if let choices = schema["anyOf"]?.arrayValue {
      let failures = choices.map { check(json, $0, place) }
      return failures.contains([]) ? [] : ["\(place): none of \(choices.count): \(failures)"]
    }
    if let values = schema["enum"]?.arrayValue, !values.contains(json) {
      return ["\(place): not in the list"]
    }
    switch (schema["type"]?.stringValue, json) {
    case (nil, _), ("string", .string), ("boolean", .bool), ("integer", .integer), ("null", .null): return []
    case ("array", .array(let elements)):
      let element = schema["items"] ?? [:]
      return elements.enumerated().flatMap { check($1, element, "\(place)/\($0)") }
    case ("object", .object(let object)): return check(object, schema, place)
    default: return ["\(place): not \(schema["type"]?.stringValue ?? "")"]
    }
  }

  private func check(_ object: JSONObject, _ schema: JSONValue, _ place: String) -> [String] {
    var problems: [String] = []
    for name in (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue) where object[name] == nil {
      problems.append("\(place): \(name) is missing")
    }
    for member in object.members {
      if let known = schema["properties"]?[member.name] {
        problems += check(member.value, known, "\(place)/\(member.name)")
      } else if schema["additionalProperties"]?.boolValue == false {
        problems.append("\(place): \(member.name) is not described")
      }
    }
    return problems
  }
}
