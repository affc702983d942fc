import SCIM

/// The state of the directory and of the server.
extension ErrorExplanation {
  static let state: [ErrorExplanation] = [
    .init(
      .unknownResource,
      "The resource does not exist here: it was deleted, or never existed in this directory.",
      "RFC 7644 §3.12",
      "Let the provider look the person or group up again: {restart}. Check {base} if many are missing."),
    .init(
      .notUnique, "Another resource already has the value, which must be unique.", "RFC 7644 §3.3",
      "Find the other resource with `scimd user list --filter`. Match by {attribute} in {matching} to take it over, or "
        + "rename one of the two."),
    .init(
      .changedMeanwhile, "The resource has changed since the client read it.", "RFC 7644 §3.14",
      "Read the resource again and repeat the change."),
    .init(
      .ifNoneMatch, "The client wanted nothing to be done if the resource has this version.",
      "RFC 9110 §13.1.2", "Remove If-None-Match, or use what the client already has."),
    .init(
      .managedElsewhere, "The directory's policy allows only connections to change its resources.",
      "RFC 7644 §3.12",
      "Change it at the identity provider in {assignment}, or set the policy: `scimd directory update "
        + "--local-changes allowed`."),
    .init(
      .otherConnection, "Another connection manages the resource.", "RFC 7644 §3.12",
      "Remove the person or group from {assignment}, or hand them over: `scimd connection take-over CONNECTION --from "
        + "OTHER`."),
    .init(
      .identityMismatch, "userName and externalId name different people.", "RFC 7644 §3.3",
      "Compare both with `scimd user list --filter`, and correct the one that is wrong in {mapping}."),
    .init(
      .notDeleted, "The resource to restore is not deleted.", "RFC 9110 §15.5.10",
      "There is nothing to restore: `scimd user show` prints it."),
    .init(
      .quotaReached, "The directory holds as much as its policy allows.", "RFC 4918 §11.5",
      "Remove what is not needed from {assignment}, or raise the quota that the error names."),
    .init(
      .resourceTooLarge, "The resource is larger than the directory's policy maxResourceBytes allows.",
      "RFC 9110 §15.5.14",
      "Map fewer or shorter values in {mapping}, or raise maxResourceBytes with `scimd directory update`."),
    .init(
      .changeTooLarge, "The change is larger than one record of the log may be.", "RFC 9110 §15.5.14",
      "Send it in parts."),
    .init(
      .invalidSyntax, "What an administrator or application sent does not have the form of a resource.",
      "RFC 7644 §3.12", "Correct the body or the file as the error says."),
    .init(
      .invalidValue, "What an administrator or application sent has a value that is not allowed.",
      "RFC 7644 §3.12", "Correct the value as the error says."),
    .init(
      .conflict, "The request conflicts with the state of what it is about.", "RFC 9110 §15.5.10",
      "Read it again, and do what the error says."),
    .init(
      .busy, "The server has more work waiting than it accepts, or others kept changing the same resources.",
      "RFC 9110 §15.6.4",
      "Wait: providers repeat the request by themselves. If it stays so, `scimd doctor` names the reason."),
    .init(
      .stopping, "The server is stopping.", "RFC 9110 §15.6.4",
      "Wait until it has restarted: providers repeat the request by themselves."),
    .init(
      .diskFull, "The server's disk is full; nothing was changed.", "RFC 4918 §11.5",
      "Free space on the disk of the data folder; providers repeat the request by themselves."),
  ]
}
