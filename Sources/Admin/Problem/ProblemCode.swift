/// All kinds of refusals of the admin API: the one table of codes, each with its status, its title and the next step.
package enum ProblemCode: String, Sendable, CaseIterable {
  case malformedRequest, malformedPath, malformedQuery, unknownParameter, invalidParameter, invalidCursor
  case missingBody, invalidJSON, unknownMember, invalidMember, invalidValue, invalidFilter, invalidPath
  case invalidSyntax, notChangeable, noTarget, tooMany, secretAttribute
  case unauthorized, tooManyFailures, tooManyRequests, insufficientScope, beyondDirectory, managedElsewhere
  case sessionEnded, notFromConsole, linkEnded, setupLinkEnded, setupKeyMade
  case noSuchEndpoint, unknownDirectory, unknownType, unknownResource, unknownKey, unknownConnection
  case signInOff, userDeactivated, userDeleted
  case unknownRole, unknownTarget, unknownGrant, needsForce
  case unknownCode, unknownEvent, unknownEventType, unknownConsumer, unknownWebhook, unknownStream, eventsGone
  case methodNotAllowed, requestTimeout, ambiguousName, activeUsers, notUnique, notDeleted
  case conflict, changedMeanwhile, stillRunning, keyReused, secretShownOnce
  case contentTooLarge, requestTooLarge, unsupportedMediaType, expectationFailed, notSupported
  case signingFails, busy, paused, diskFull, quotaReached, stopping, dataDamaged, internalError

  package struct Meaning: Sendable {
    package let status: Int
    /// The same for every refusal of the kind, without a full stop.
    package let title: String
    /// The next step, in a sentence.
    package let fix: String

    init(_ status: Int, _ title: String, _ fix: String) {
      self.status = status
      self.title = title
      self.fix = fix
    }
  }

  /// The meaning is split by subject only to keep each switch short.
  package var meaning: Meaning { request ?? caller ?? place ?? state ?? server }

  package var status: Int { meaning.status }

  private var request: Meaning? {
    switch self {
    case .malformedRequest:
      Meaning(400, "The request is not valid HTTP", "Send the request with an HTTP/1.1 client.")
    case .malformedPath:
      Meaning(400, "The path cannot be decoded", "Percent-encode each segment of the path once, as UTF-8.")
    case .malformedQuery:
      Meaning(400, "The query cannot be decoded", "Percent-encode names and values once, as UTF-8.")
    case .unknownParameter:
      Meaning(400, "The parameter does not exist", "Remove the parameter, or correct its name.")
    case .invalidParameter: Meaning(400, "The parameter has an invalid value", "Correct the parameter.")
    case .invalidCursor:
      Meaning(400, "The cursor does not belong to this list", "Start again without a cursor.")
    case .missingBody: Meaning(400, "The request needs a body", "Send a JSON object.")
    case .invalidJSON: Meaning(400, "The body is not valid JSON", "Correct the body at the given byte.")
    case .unknownMember:
      Meaning(400, "The member does not exist", "Remove the member, or correct its name.")
    case .invalidMember: Meaning(400, "The member has an invalid value", "Correct the member.")
    case .invalidValue: Meaning(400, "An attribute has an invalid value", "Correct the value.")
    case .invalidFilter: Meaning(400, "The filter is not valid", "Correct the filter (RFC 7644, 3.4.2.2).")
    case .invalidPath: Meaning(400, "The path is not an attribute", "Correct the path (RFC 7644, 3.10).")
    case .invalidSyntax: Meaning(400, "The resource is not valid SCIM", "Correct the body.")
    case .notChangeable:
      Meaning(400, "The attribute cannot be changed", "Omit the attribute from the change.")
    case .noTarget: Meaning(400, "The path selects nothing", "Select an existing value.")
    case .tooMany: Meaning(400, "The request asks for too much", "Send it in several requests.")
    case .secretAttribute:
      Meaning(403, "The attribute cannot be searched", "Remove the attribute from the filter.")
    default: nil
    }
  }

  private var caller: Meaning? {
    switch self {
    case .unauthorized:
      Meaning(
        401, "The key is not valid", "Use a key that has not expired and has the scope this request needs.")
    case .tooManyFailures:
      Meaning(429, "Too many requests with invalid keys", "Wait as long as Retry-After says.")
    case .tooManyRequests:
      Meaning(429, "The key sends too many requests", "Wait as long as Retry-After says, and send fewer.")
    case .insufficientScope:
      Meaning(403, "The key lacks a scope", "Use a key that has this scope.")
    case .beyondDirectory:
      Meaning(
        403, "The request concerns all directories", "Use a key for all directories, or the control socket.")
    case .managedElsewhere:
      Meaning(
        403, "The resource is managed by a connection",
        "Change it at the identity provider, or change the directory's policy.")
    case .sessionEnded: Meaning(401, "The session has ended", "Sign in to the console again.")
    case .notFromConsole:
      Meaning(
        403, "The request does not come from the console",
        "Use the console in its own browser tab; scripts use an admin key.")
    case .linkEnded:
      Meaning(
        401, "The link is not valid",
        "A link works once, within a minute, on the machine it was made on: `scimd console` prints a new one."
      )
    case .setupLinkEnded:
      Meaning(
        401, "The set-up link is not valid any more", "Ask the person who sent you the link for a new one.")
    case .setupKeyMade:
      Meaning(
        409, "The link has made its key",
        "Use that key. If it is lost, ask the person who sent you the link for a new link.")
    case .signInOff:
      Meaning(
        403, "The directory's policy does not allow the sign-in",
        "`scimd directory update DIRECTORY --sign-in update|create` changes the policy.")
    case .userDeactivated:
      Meaning(
        403, "The user is deactivated",
        "Reactivate the user at the identity provider, or with `scimd user reactivate`.")
    case .userDeleted:
      Meaning(403, "The user was deleted", "`scimd user restore` brings the user back.")
    default: nil
    }
  }

  private var place: Meaning? {
    switch self {
    case .noSuchEndpoint:
      Meaning(404, "No such endpoint", "See /docs/openapi.json for the endpoints that exist.")
    case .unknownDirectory:
      Meaning(
        404, "The directory does not exist",
        "`scimd directory list` shows all directories; `scimd directory create NAME` creates one.")
    case .unknownType: Meaning(404, "The resource type does not exist", "Use one of the listed types.")
    case .unknownResource:
      Meaning(404, "The resource does not exist", "List the resources; deleted ones with deleted=true.")
    case .unknownKey: Meaning(404, "The key does not exist", "`scimd key list` shows the ids.")
    case .unknownConnection:
      Meaning(404, "The connection does not exist", "`scimd connection list` shows those of a directory.")
    case .unknownRole:
      Meaning(404, "The role does not exist", "`scimd role list` shows those of a directory.")
    case .unknownTarget:
      Meaning(404, "The target does not exist", "`scimd target list` shows those of a directory.")
    case .unknownGrant:
      Meaning(404, "The grant does not exist", "`scimd grant list` shows those of a directory.")
    case .unknownCode: Meaning(404, "The code does not exist", "See /docs/errors for all codes.")
    case .unknownEvent:
      Meaning(404, "The event does not exist", "`scimd events list` shows the events that are kept.")
    case .unknownEventType: Meaning(404, "The event type does not exist", "See /docs/events for all types.")
    case .unknownConsumer:
      Meaning(404, "The consumer does not exist", "PUT /api/v1/consumers/NAME creates it.")
    case .unknownWebhook:
      Meaning(404, "The webhook does not exist", "`scimd webhook list` shows those of a directory.")
    case .unknownStream:
      Meaning(404, "The stream does not exist", "`scimd stream list` shows those of a directory.")
    case .eventsGone:
      Meaning(
        410, "The events after this cursor are not kept",
        "Take a snapshot (GET /api/v1/snapshot), and continue after the event that it names as asOf.")
    case .methodNotAllowed:
      Meaning(405, "The method is not allowed here", "Use one of the methods in the Allow field.")
    case .requestTimeout:
      Meaning(408, "The request did not arrive in time", "Send the request again, without pauses.")
    default: nil
    }
  }

  private var state: Meaning? {
    switch self {
    case .ambiguousName:
      Meaning(409, "The name matches several resources", "Use the id of one of the candidates.")
    case .notUnique:
      Meaning(409, "The value belongs to another resource", "Choose another value, or change that resource.")
    case .activeUsers:
      Meaning(
        409, "Some users are active", "Say what to do with them: users=keep, deactivate or delete (--users)."
      )
    case .needsForce:
      Meaning(
        409, "The change removes rights",
        "Check which rights it removes; force=true (--force) applies it anyway.")
    case .stillRunning: Meaning(409, "The request is still being processed", "Repeat it in a moment.")
    case .keyReused:
      Meaning(422, "The Idempotency-Key was used for another request", "Choose a new key for each request.")
    case .secretShownOnce:
      Meaning(
        409, "The secret was shown once", "Create another key and revoke this one if the secret is lost.")
    case .notDeleted: Meaning(409, "The resource is not deleted", "There is nothing to restore.")
    case .conflict: Meaning(409, "The request conflicts with the state", "Read the resource again.")
    case .changedMeanwhile:
      Meaning(412, "The resource has changed", "Read it again and repeat the change on its new version.")
    case .contentTooLarge: Meaning(413, "The body is too large", "Send it in several requests.")
    case .requestTooLarge: Meaning(431, "The head of the request is too large", "Shorten the request.")
    case .unsupportedMediaType:
      Meaning(415, "The media type is not supported", "Send application/json.")
    case .expectationFailed: Meaning(417, "The expectation is not supported", "Remove the Expect field.")
    default: nil
    }
  }

  private var server: Meaning {
    switch self {
    case .notSupported: Meaning(501, "Not supported", "Send the request without it.")
    case .signingFails:
      Meaning(
        501, "The server cannot sign event tokens", "Install OpenSSL 3 on the server: the package libssl3.")
    case .busy: Meaning(503, "The server is busy", "Try again in a moment.")
    case .paused:
      Meaning(
        503, "An administrator paused this", "Try again after it has been resumed: `scimd connection resume`."
      )
    case .quotaReached:
      Meaning(507, "The directory is full", "Delete what you do not need, or raise the policy.")
    case .diskFull: Meaning(507, "The disk is full", "Free space; nothing was changed.")
    case .stopping: Meaning(503, "The server is stopping", "Try again after it has restarted.")
    case .dataDamaged:
      Meaning(500, "Stored data is damaged", "Run `scimd store verify`, and restore a backup.")
    default: Meaning(500, "The server failed", "Search the server's log for the request id.")
    }
  }
}
