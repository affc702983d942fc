import SCIM

/// What to do about an error, by its `scimType` and its status.
enum ErrorRemedy {
  static func text(_ kind: SCIMError.Kind?, status: Int) -> String? {
    switch kind {
    case .invalidFilter: "Correct the filter in the provider's matching rule (RFC 7644 section 3.4.2.2)."
    case .tooMany, .invalidCount: "Ask for less at a time."
    case .uniqueness:
      "Find the other resource with `scimd user list --filter`; rename one of the two, or delete it."
    case .mutability: "Take the attribute out of the provider's mapping."
    case .invalidSyntax: "Correct the request, or the template it is made from, at the provider."
    case .invalidPath:
      "Correct the target attribute in the provider's mapping, or define it: `scimd schema suggest` writes the schema."
    case .noTarget:
      "The value does not exist; let the provider synchronise the resource again from the start."
    case .invalidValue: "Correct the source attribute or the expression in the provider's mapping."
    case .invalidVers: "Use the base URL that `scimd connection show` prints; it ends with /scim/v2."
    case .sensitive: "Search by another attribute."
    case .invalidCursor, .expiredCursor: "Start the listing again, without a cursor."
    case nil: text(status: status)
    }
  }

  private static func text(status: Int) -> String? {
    switch status {
    case 403: "Give the key the scope it lacks, or change the resource where it is managed."
    case 404:
      "Check the base URL. For a resource, let the provider match it again: it was deleted or never existed here."
    case 405: "Turn the action off at the provider: the endpoint does not have it."
    case 409: "Read the resource again and repeat the change."
    case 412: "Read the resource again: it has changed."
    case 413: "Send it in smaller requests."
    case 415, 406: "Send and accept application/scim+json."
    case 429: "Wait as long as Retry-After says."
    case 501: "Turn the feature off at the provider."
    case 503: "Try again in a moment; providers do so by themselves."
    case 507: "Free space on the server's disk, or raise the directory's quota."
    default: nil
    }
  }
}
