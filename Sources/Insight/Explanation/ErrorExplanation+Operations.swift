import SCIM

/// Operations of PATCH and of bulk requests.
extension ErrorExplanation {
  private static let patch = "RFC 7644 §3.5.2"
  private static let bulk = "RFC 7644 §3.7"

  static let operations: [ErrorExplanation] = [
    .init(
      .operationsMissing, "The request has no list of operations, or an empty one.", "\(patch), §3.7",
      "Send \"Operations\" as a list of at least one operation."),
    .init(
      .tooManyOperations, "The request has more operations than the limit.", patch,
      "Send the rest in another request."),
    .init(
      .operationNotObject, "An entry of \"Operations\" is not a JSON object.", "\(patch), §3.7",
      "Send each operation as an object, such as {\"op\": \"add\", \"path\": ..., \"value\": ...}."),
    .init(
      .opMissing, "An operation does not say what it does: it has no \"op\".", patch,
      "Add \"op\": add, remove or replace."),
    .init(
      .opUnknown, "The \"op\" of an operation is not add, remove or replace.", patch,
      "Use add, remove or replace."),
    .init(
      .patchPathNotText, "The \"path\" of an operation is not text.", patch, "Send the path as text."),
    .init(
      .patchPathSyntax, "The brackets in the path of an operation are wrong.", "RFC 7644 §3.10",
      "Correct the brackets in {mapping}, as in emails[type eq \"work\"].value."),
    .init(
      .patchPathUnknown, "A path is not an attribute of the resource type.",
      "RFC 7644 §3.10",
      "Correct the target attribute in {mapping}, remove it there, or define it: `scimd schema suggest` writes the "
        + "schema."),
    .init(
      .patchPathRequired, "A remove does not say what it removes.", patch,
      "Add a \"path\" that names an attribute."),
    .init(
      .patchValueMissing, "An add or a replace has no \"value\".", patch,
      "Map a source that has a value in {mapping}; to clear an attribute, use remove."),
    .init(
      .patchValueNotObject, "Without a path, the value of an operation must be an object of attributes.",
      patch, "Send an object of attributes, or add a \"path\"."),
    .init(
      .patchNoMatch, "No value matches the filter in the path, so nothing can be replaced or removed.",
      "\(patch).3", "Let the provider read the resource again: {restart}."),
    .init(
      .changeTooMuchWork, "The operations would take more work than the limit allows.", "RFC 7644 §3.12",
      "Send fewer operations at a time, and add or remove members in parts."),
    .init(
      .changesTooLarge, "The operations change resources that are too large together.", "RFC 7644 §3.12",
      "Send fewer operations at a time, and add or remove members in parts."),
    .init(
      .bulkTooLarge, "The bulk request has more operations than the limit.", "\(bulk).3",
      "Send at most as many as maxOperations in /ServiceProviderConfig."),
    .init(
      .bulkMemberInvalid, "A member of the bulk request has the wrong JSON type.", bulk,
      "Send what the error asks for: text, a whole number, or true or false."),
    .init(
      .bulkMethod, "The method of an operation is not POST, PUT, PATCH or DELETE.", bulk,
      "Use POST, PUT, PATCH or DELETE."),
    .init(
      .bulkPathMissing, "An operation of the bulk request has no path.", bulk,
      "Add a path, such as /Users or /Users/ID."),
    .init(
      .bulkPathUnknown, "The path of an operation is neither a resource type nor a resource.", bulk,
      "Use a path such as /Users or /Users/ID, without the base URL."),
    .init(
      .bulkDataMissing, "An operation of the bulk request has no \"data\".", bulk,
      "Add the resource or the operations of PATCH as \"data\"."),
    .init(
      .bulkIdMissing, "A POST in a bulk request has no bulkId.", "\(bulk).2",
      "Give each POST a bulkId of its own."),
    .init(
      .bulkIdTwice, "Two operations have the same bulkId.", "\(bulk).2",
      "Give each POST a bulkId of its own."),
    .init(
      .bulkIdUnknown, "A reference names a bulkId that no POST of the request has.", "\(bulk).2",
      "Add the POST that creates the resource to the same request, or use its id."),
    .init(
      .bulkDependency, "An operation needs a resource whose creation failed in the same request.",
      "\(bulk).3", "Correct the operation that failed first, and send both again."),
  ]
}
