import SCIM

/// The parameters of a list, and its filters.
extension ErrorExplanation {
  static let list: [ErrorExplanation] = [
    .init(
      .parameterTwice, "A parameter is given twice.", "RFC 7644 §3.4.2", "Send each parameter once."),
    .init(
      .parameterInvalid, "A member of the search has the wrong JSON type.", "RFC 7644 §3.4.3",
      "Send text where the error asks for text, and a list of names where it asks for a list."),
    .init(
      .parameterNotNumber, "startIndex or count is not a whole number.", "RFC 7644 §3.4.2.4",
      "Send a whole number, such as startIndex=1&count=100."),
    .init(
      .invalidCount, "The count of a walk by cursor is not a whole number.", "RFC 9865 §2",
      "Send a whole number, the same on every page."),
    .init(
      .sortOrderInvalid, "sortOrder is neither ascending nor descending.", "RFC 7644 §3.4.2.3",
      "Send ascending or descending, or leave sortOrder out."),
    .init(
      .cursorWithStartIndex, "startIndex and cursor are two ways to page, and were sent together.",
      "RFC 9865 §2", "Send one of them."),
    .init(
      .attributesConflict, "attributes and excludedAttributes were sent together.", "RFC 7644 §3.9",
      "Send one of them."),
    .init(
      .sortUnknown, "sortBy is not an attribute of the resource type by which one can sort.",
      "RFC 7644 §3.4.2.3", "Sort by an attribute that /Schemas lists, such as userName."),
    .init(
      .sortComplex, "sortBy is an attribute with parts.", "RFC 7644 §3.4.2.3",
      "Name the part to sort by, such as name.familyName."),
    .init(
      .invalidCursor, "The cursor was not made for this query, or by another server.", "RFC 9865 §2",
      "Start the listing again without a cursor, and repeat all other parameters on every page."),
    .init(
      .cursorExpired, "The cursor is older than the setting cursorTimeout allows.", "RFC 9865 §2",
      "Start the listing again without a cursor, or raise cursorTimeout."),
    .init(
      .cursorCountChanged, "The count differs from that of the first page.", "RFC 9865 §2",
      "Send the same count on every page."),
  ]

  private static let filterSection = "RFC 7644 §3.4.2.2"

  static let filters: [ErrorExplanation] = [
    .init(
      .filterEmpty, "The filter is empty.", filterSection,
      "Leave the filter out, or write a comparison such as userName eq \"a@b.c\" in {matching}."),
    .init(
      .filterTooLong, "The filter is longer than the limit.", filterSection,
      "Ask for fewer values at a time."),
    .init(
      .filterTooComplex, "The filter has more comparisons or is nested deeper than the limit.", filterSection,
      "Ask for fewer values at a time, or with fewer brackets."),
    .init(
      .filterSyntax, "The filter does not follow the grammar; the error names the byte.", filterSection,
      "Correct the filter in {matching}: attribute, operator, value, as in userName eq \"a@b.c\"."),
    .init(
      .filterLiteral, "A text in the filter is not a JSON string: its quote or an escape is wrong.",
      filterSection, "Close the quote, and write a quote or backslash inside it as \\\" or \\\\."),
    .init(
      .filterUnquoted, "A text in the filter has no double quotes.", filterSection,
      "Put the text into double quotes in {matching}, as in userName eq \"a@b.c\"."),
    .init(
      .filterAttributeUnknown, "The filter names an attribute that the resource type does not have.",
      filterSection,
      "Choose an attribute that exists in {matching}: userName, externalId and emails.value are indexed."),
    .init(
      .filterSubattributeUnknown, "The filter names a part that the attribute does not have.", filterSection,
      "Choose a part that exists in {matching}, such as emails[type eq \"work\"]."),
    .init(
      .filterNeedsSubattribute, "The filter compares an attribute that has parts, such as name.",
      filterSection, "Name the part in {matching}, such as name.familyName."),
    .init(
      .filterNotOnSimple, "The filter selects values of an attribute that has none to select.", filterSection,
      "Compare the attribute itself: userName eq \"a@b.c\" instead of userName[value eq \"a@b.c\"]."),
    .init(
      .filterOperatorUnknown, "The filter has a word where an operator should be.",
      filterSection,
      "Use eq, ne, co, sw, ew, gt, ge, lt, le or pr in {matching}."),
    .init(
      .filterOperatorType, "The operator does not work on attributes of this type.", filterSection,
      "Compare booleans with eq or ne, and texts with any operator."),
    .init(
      .filterValueType, "The value in the filter has another type than the attribute.", filterSection,
      "Write texts with double quotes, booleans and numbers without, in {matching}."),
    .init(
      .filterSecret, "The filter names an attribute that is never shown, such as password.",
      "RFC 7644 §7.5.2", "Match by another attribute in {matching}."),
    .init(
      .filterSecretInBody, "The filter of a search names an attribute that is never shown.",
      "RFC 7644 §7.5.2", "Match by another attribute in {matching}."),
    .init(
      .filterTooMuchWork, "The filter would read more values than the limit allows.", "RFC 7644 §3.4.2",
      "Match by an indexed attribute in {matching}: userName eq, externalId eq or emails.value eq."),
  ]
}
