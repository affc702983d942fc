import Admin

extension CommandError {
  /// A refusal of the admin API.
  init(_ problem: AdminProblem) {
    var message = TerminalText.value(problem.detail)
    if problem.code == .internalError, let request = problem.request { message += " (request \(request))" }
    self.init(ExitCode(problem.code), message, advice: problem.fix)
  }
}

extension ExitCode {
  /// The one place that says how a command ends for each kind of refusal.
  init(_ code: ProblemCode) {
    switch code {
    case .malformedRequest, .malformedPath, .malformedQuery, .unknownParameter, .invalidParameter,
      .invalidCursor, .missingBody, .invalidJSON, .unknownMember, .invalidMember, .invalidFilter,
      .unsupportedMediaType, .requestTooLarge, .expectationFailed:
      self = .usage
    case .invalidValue, .invalidPath, .invalidSyntax, .notChangeable, .noTarget, .tooMany, .secretAttribute,
      .noSuchEndpoint, .unknownDirectory, .unknownType, .unknownResource, .unknownKey, .unknownConnection,
      .unknownRole, .unknownTarget, .unknownGrant, .needsForce,
      .unknownCode, .unknownEvent, .unknownEventType, .unknownConsumer, .unknownWebhook, .unknownStream,
      .eventsGone,
      .methodNotAllowed, .ambiguousName, .activeUsers, .stillRunning, .keyReused,
      .secretShownOnce, .notUnique, .notDeleted, .conflict, .changedMeanwhile,
      .contentTooLarge, .quotaReached, .notSupported, .internalError:
      self = .failure
    case .unauthorized, .sessionEnded, .notFromConsole, .linkEnded, .setupLinkEnded, .setupKeyMade,
      .insufficientScope, .beyondDirectory,
      .managedElsewhere, .signInOff,
      .userDeactivated, .userDeleted:
      self = .noPermission
    case .requestTimeout, .signingFails, .busy, .paused, .stopping, .tooManyFailures, .tooManyRequests:
      self = .unavailable
    case .diskFull: self = .inputOutput
    case .dataDamaged: self = .dataCorrupt
    }
  }
}
