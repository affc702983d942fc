import SCIM

/// Attributes and their values.
extension ErrorExplanation {
  private static let mutability = "RFC 7643 §7, RFC 7644 §3.12"
  private static let types = "RFC 7643 §2.3"

  static let values: [ErrorExplanation] = [
    .init(
      .attributeUnknown, "The resource has an attribute that no schema defines, and the server is strict.",
      "RFC 7643 §2.1",
      "Remove {attribute} from {mapping}, define it with `scimd schema suggest`, or turn strictAttributes off."
    ),
    .init(
      .schemaUnknown, "\"schemas\" lists a schema that the resource type does not have.", "RFC 7643 §3",
      "Correct the URN in {mapping}, or define the extension: see `scimd help schemas`."),
    .init(
      .requiredMissing, "An attribute that is required has no value.", "RFC 7643 §2.2, §7",
      "Map a source that is never empty to {attribute} in {mapping}, then {restart}."),
    .init(
      .requiredRemoved, "An operation removes an attribute that is required.", mutability,
      "Replace {attribute} instead of removing it: map a source that is never empty in {mapping}."),
    .init(
      .attributeReadOnly, "Only the server sets this attribute.", mutability,
      "Remove {attribute} from {mapping}."),
    .init(
      .attributeImmutable, "The attribute is set once, and already has another value.", mutability,
      "In {mapping}, send {attribute} only when the resource is created."),
    .init(
      .activeRemoved, "active always has a value and cannot be removed.", "RFC 7643 §4.1.1",
      "In {mapping}, map active to a source that is always true or false."),
    .init(
      .schemasReadOnly, "schemas follows from the attributes that have values.", "RFC 7643 §3",
      "Remove schemas from the operations; add or remove the attributes of the extension instead."),
    .init(
      .valueType, "A value has another type than its attribute.", types,
      "Correct the source or the expression of {attribute} in {mapping}, then {restart}."),
    .init(
      .notAnArray, "The attribute has several values, and needs a list.", "RFC 7643 §2.4",
      "Send {attribute} as a list; in {mapping} choose a target such as emails[type eq \"work\"].value."),
    .init(
      .complexNotObject, "The attribute has parts, and needs an object.", "RFC 7643 §2.3.8",
      "In {mapping} map the parts of {attribute}, such as name.givenName and name.familyName."),
    .init(
      .tooManyValues, "The attribute has more values than the limit.", "RFC 7643 §2.4",
      "Send fewer values of {attribute}: limit them in {mapping}."),
    .init(
      .controlCharacters, "The value has control characters, such as a line break.", "RFC 8265 §3.3",
      "Correct {attribute} in the source, or trim it with an expression in {mapping}."),
    .init(
      .memberWithoutValue, "A member of a group has no value: the id of a user or group.", "RFC 7643 §4.2",
      "Send each member as {\"value\": ID}."),
    .init(
      .memberUnknown, "A member does not exist here: it was never created, or was deleted.", "RFC 7643 §4.2",
      "Create the members first: assign them in {assignment}, then {restart}."),
    .init(
      .memberUnchangeable, "A member of a group cannot be changed, only removed and added.", "RFC 7643 §4.2",
      "Remove the member and add another."),
    .init(
      .memberNoMatch, "No member matches the filter in the path.", "RFC 7644 §3.5.2.3",
      "Let the provider read the group again: {restart}."),
  ]
}
