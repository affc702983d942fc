import SCIM

/// The endpoint and the form of the body.
extension ErrorExplanation {
  static let message: [ErrorExplanation] = [
    .init(
      .noSuchEndpoint, "The path is not an endpoint of SCIM.", "RFC 7644 §3.2",
      "Enter the base URL that `scimd connection show` prints in {base}, without anything behind it."),
    .init(
      .methodNotAllowed, "The endpoint exists but does not have this method.", "RFC 7644 §3.2",
      "Turn the action off in {actions}; the Allow field lists the methods that the endpoint has."),
    .init(
      .unsupportedVersion, "The path asks for a version of SCIM other than 2.", "RFC 7644 §3.13",
      "Enter the base URL that ends with /scim/v2 in {base}, and choose SCIM 2.0 if the provider asks."),
    .init(
      .malformedPath, "The path has a percent escape that is malformed or not UTF-8.", "RFC 3986 §2.1",
      "Percent-encode each segment of the path once, as UTF-8; check {base} for stray characters."),
    .init(
      .malformedQuery, "The query has a percent escape that is malformed or not UTF-8.", "RFC 3986 §2.1",
      "Percent-encode names and values of the query once, as UTF-8."),
    .init(
      .meNotCreatable, "Users cannot be created at /Me.", "RFC 7644 §3.11",
      "Create users with POST to /Users; check that {base} does not end with /Me."),
    .init(
      .meWithoutUser, "/Me needs a key that speaks for a user, and this one does not.", "RFC 7644 §3.11",
      "Create one with `scimd key create --user`; check that {base} does not end with /Me."),
    .init(
      .filterNotSupported, "The endpoints that describe the server cannot be filtered.", "RFC 7644 §4",
      "Read the whole list, without a filter."),
    .init(
      .unsupportedMediaType, "The body is not sent as application/scim+json or application/json.",
      "RFC 7644 §3.1, RFC 9110 §15.5.16",
      "Send the body with Content-Type: application/scim+json."),
    .init(
      .compressedBody, "The body is compressed, which this server does not read.", "RFC 9110 §15.5.16",
      "Turn compression of requests off at the provider or in the proxy."),
    .init(
      .bodyNotUTF8, "The Content-Type names a charset other than UTF-8.", "RFC 8259 §8.1",
      "Send the body in UTF-8."),
    .init(
      .notAcceptable, "The client accepts none of the media types that this server sends.",
      "RFC 9110 §15.5.7",
      "Accept application/scim+json or application/json."),
    .init(
      .missingBody, "The request needs a body and has none.", "RFC 7644 §3.3",
      "Send a JSON object. Check the request's template in {mapping}, and proxies that drop bodies."),
    .init(
      .invalidJSON, "The body is not valid JSON; the error names the byte.", "RFC 8259 §2",
      "Correct the template or the expression in {mapping}: a quote or a comma is often missing."),
    .init(
      .notAnObject, "The body is valid JSON but not an object.", "RFC 7644 §3.1",
      "Send a JSON object: {\"schemas\": [...], ...}."),
    .init(
      .memberTwice, "A name is given twice in one object; names ignore letter case.", "RFC 7643 §2.1",
      "Remove one of the two from {mapping}."),
    .init(
      .schemasMissing, "The body does not say what it is: it has no \"schemas\".", "RFC 7644 §3.1",
      "Add \"schemas\" with the URN that the error names, in the provider's template or client."),
    .init(
      .schemasInvalid, "\"schemas\" is not a list that names the message or the resource.", "RFC 7644 §3.1",
      "Correct \"schemas\" to a list with the URN that the error names."),
  ]
}
