import Client
import Exchange
import JSON

/// Rules for every answer, whatever the request.
package struct AnswerRule: Sendable {
  package let id: String
  package let level: ConformanceCase.Level
  package let title: String
  /// The violation in an answer, as text; nil if the answer follows the rule or the rule does not apply.
  let violation: @Sendable (WireRequest, Answer) -> String?
}

extension AnswerRule {
  private static let errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error"

  /// All of them.
  static func all(password: String) -> [AnswerRule] {
    [
      contentType, schemas, errorBody, location, contentLocation, version, identifiers,
      AnswerRule(id: "7643-4.1.1-03", level: .must, title: "a password is never returned") { _, answer in
        if resources(answer).contains(where: { $0["password"] != nil }) { return "a member \"password\"" }
        return answer.response.body.contains(password.utf8) ? "the text of a password" : nil
      },
    ]
  }

  private static let contentType = AnswerRule(
    id: "7644-3.1-01", level: .must, title: "a body has the media type application/scim+json"
  ) { request, answer in
    let asksForMore = request.fields.contains { $0.name.lowercased() == "accept" }
    guard !answer.response.body.isEmpty, !asksForMore else { return nil }
    let type = answer.response.field("Content-Type") ?? "none"
    let essence = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
    return essence == "application/scim+json" ? nil : "Content-Type: \(type)"
  }

  private static let schemas = AnswerRule(
    id: "7644-3.1-02", level: .must, title: "resources and messages have a non-empty array \"schemas\""
  ) { request, answer in
    guard let json = answer.json, json.objectValue != nil, !isProjected(request) else { return nil }
    for object in [json] + resources(answer) where (object["schemas"]?.arrayValue ?? []).isEmpty {
      return "no schemas in \(excerpt(object))"
    }
    return nil
  }

  private static let errorBody = AnswerRule(
    id: "7644-3.12-01", level: .must,
    title: "an error has a JSON body with the Error schema and the status as a string"
  ) { request, answer in
    let status = answer.response.status
    guard status >= 400, request.method != "HEAD" else { return nil }
    guard let json = answer.json else { return "status \(status) without a JSON body" }
    guard json["schemas"]?.arrayValue?.contains(.string(errorSchema)) == true else {
      return "no Error schema in \(excerpt(json))"
    }
    let inBody = json["status"].map(excerpt) ?? "none"
    return json["status"] == .string("\(status)") ? nil : "status \(status), in the body: \(inBody)"
  }

  private static let location = AnswerRule(
    id: "7644-3.3-06", level: .must, title: "Location of a created resource is its meta.location"
  ) { request, answer in
    guard answer.response.status == 201, request.method == "POST" else { return nil }
    guard let location = answer.response.field("Location") else { return "201 without Location" }
    guard let inBody = answer.json?["meta"]?["location"]?.stringValue else { return nil }
    return inBody == location ? nil : "Location: \(location), meta.location: \(inBody)"
  }

  private static let contentLocation = AnswerRule(
    id: "7643-3.1-13", level: .must, title: "Content-Location, where sent, is meta.location"
  ) { _, answer in
    guard let field = answer.response.field("Content-Location"),
      let inBody = answer.json?["meta"]?["location"]?.stringValue
    else { return nil }
    return inBody == field ? nil : "Content-Location: \(field), meta.location: \(inBody)"
  }

  private static let version = AnswerRule(
    id: "7644-3.14-02", level: .must, title: "meta.version is the ETag field, where both are sent"
  ) { _, answer in
    guard let tag = answer.response.field("ETag"), answer.response.status < 300,
      let version = answer.json?["meta"]?["version"]?.stringValue
    else { return nil }
    return version == tag ? nil : "ETag: \(tag), meta.version: \(version)"
  }

  private static let identifiers = AnswerRule(
    id: "7643-3.1-02", level: .must, title: "every representation of a user or group has a non-empty id"
  ) { _, answer in
    for resource in resources(answer)
    where ["User", "Group"].contains(resource["meta"]?["resourceType"]?.stringValue) {
      if (resource["id"]?.stringValue ?? "").isEmpty { return "no id in \(excerpt(resource))" }
    }
    return nil
  }

  /// The resource that a successful answer is, or the resources that it lists.
  private static func resources(_ answer: Answer) -> [JSONValue] {
    guard answer.response.status < 300, let json = answer.json, json.objectValue != nil else { return [] }
    return json["Resources"]?.arrayValue ?? [json]
  }

  /// Whether the client chose the attributes, so that RFC 7644 §3.4.2's examples leave out `schemas`.
  private static func isProjected(_ request: WireRequest) -> Bool {
    let path = request.path.lowercased()
    let body = String(decoding: request.body ?? [], as: UTF8.self).lowercased()
    return path.contains("attributes=") || (path.contains("search") && body.contains("attributes\""))
  }

  private static func excerpt(_ value: JSONValue) -> String {
    String(value.serializedText.prefix(200))
  }
}
