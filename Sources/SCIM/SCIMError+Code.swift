extension SCIMError {
  /// All reasons for which a request is refused. A name never changes its meaning and is never removed: it is shown to
  /// clients, kept in logs and explained by `scimd explain`.
  package enum Code: String, Sendable, CaseIterable {
    // Who is asking.
    case keyMissing, keyInvalid, keyFieldMalformed, tooManyFailures, tooManyRequests
    case insufficientScope, beyondDirectory, paused
    // Why a key is not valid: only for administrators, as the client gets `keyInvalid` in every case.
    case keyMalformed, keyUnknown, keyExpired, keyRevoked, keyRotated, keyWrongUser, keyWrongKind
    case keyWrongNetwork, keyWrongCertificate
    // The same of a signed token.
    case signedTokenMalformed, signedTokenAlgorithm, signedTokenUnknown, signedTokenAudience
    case signedTokenTime, signedTokenKey, signedTokenKeysUnavailable, signedTokenSignature
    case signedTokenReplayed

    // The bytes of HTTP.
    case malformedRequest, tlsOnPlainPort, plainOnTLSPort, proxyHeaderMissing, notSupported
    case unsupportedHTTPVersion
    case expectationFailed, requestLineTooLong, requestTooLarge, contentTooLarge, requestTimeout
    case tooManyConnections

    // The endpoint and the form of the body.
    case noSuchEndpoint, methodNotAllowed, unsupportedVersion, malformedPath, malformedQuery
    case meNotCreatable, meWithoutUser, filterNotSupported
    case unsupportedMediaType, compressedBody, bodyNotUTF8, notAcceptable
    case missingBody, invalidJSON, notAnObject, memberTwice, schemasMissing, schemasInvalid

    // The parameters of a list.
    case parameterTwice, parameterInvalid, parameterNotNumber, invalidCount, sortOrderInvalid
    case cursorWithStartIndex, attributesConflict, sortUnknown, sortComplex
    case invalidCursor, cursorExpired, cursorCountChanged

    // Filters.
    case filterEmpty, filterTooLong, filterTooComplex, filterSyntax, filterLiteral, filterUnquoted
    case filterAttributeUnknown, filterSubattributeUnknown, filterNeedsSubattribute, filterNotOnSimple
    case filterOperatorUnknown, filterOperatorType, filterValueType
    case filterSecret, filterSecretInBody, filterTooMuchWork

    // Operations of PATCH and of bulk requests.
    case operationsMissing, tooManyOperations, operationNotObject, opMissing, opUnknown
    case patchPathNotText, patchPathSyntax, patchPathUnknown, patchPathRequired
    case patchValueMissing, patchValueNotObject, patchNoMatch
    case changeTooMuchWork, changesTooLarge
    case bulkTooLarge, bulkMemberInvalid, bulkMethod, bulkPathMissing, bulkPathUnknown, bulkDataMissing
    case bulkIdMissing, bulkIdTwice, bulkIdUnknown, bulkDependency

    // Attributes and their values.
    case attributeUnknown, schemaUnknown, requiredMissing, requiredRemoved, attributeReadOnly
    case attributeImmutable, activeRemoved, schemasReadOnly
    case valueType, notAnArray, complexNotObject, tooManyValues, controlCharacters
    case memberWithoutValue, memberUnknown, memberUnchangeable, memberNoMatch

    // The state of the directory.
    case unknownResource, notUnique, changedMeanwhile, ifNoneMatch
    case managedElsewhere, otherConnection, identityMismatch, notDeleted
    case quotaReached, resourceTooLarge, changeTooLarge

    // Any other refusal of what administrators and applications ask for.
    case invalidSyntax, invalidValue, conflict

    // The state of the server.
    case busy, stopping, diskFull
  }
}

extension SCIMError.Code {
  /// RFC 7644 table 8, RFC 9110 §15, RFC 4918 §11.5.
  package var status: Int {
    switch self {
    case .keyMissing, .keyInvalid, .keyMalformed, .keyUnknown, .keyExpired, .keyRevoked, .keyRotated,
      .keyWrongUser, .keyWrongKind, .keyWrongNetwork, .keyWrongCertificate, .signedTokenMalformed,
      .signedTokenAlgorithm,
      .signedTokenUnknown, .signedTokenAudience, .signedTokenTime, .signedTokenKey,
      .signedTokenKeysUnavailable, .signedTokenSignature, .signedTokenReplayed:
      401
    case .insufficientScope, .beyondDirectory, .filterNotSupported, .filterSecret, .managedElsewhere,
      .otherConnection:
      403
    case .noSuchEndpoint, .unknownResource: 404
    case .methodNotAllowed: 405
    case .notAcceptable: 406
    case .requestTimeout: 408
    case .notUnique, .identityMismatch, .notDeleted, .conflict, .bulkDependency: 409
    case .changedMeanwhile, .ifNoneMatch: 412
    case .contentTooLarge, .bulkTooLarge, .changeTooMuchWork, .changesTooLarge, .changeTooLarge,
      .resourceTooLarge:
      413
    case .requestLineTooLong: 414
    case .unsupportedMediaType, .compressedBody, .bodyNotUTF8: 415
    case .expectationFailed: 417
    case .tooManyFailures, .tooManyRequests: 429
    case .requestTooLarge: 431
    case .notSupported, .meNotCreatable, .meWithoutUser: 501
    case .paused, .busy, .stopping, .tooManyConnections: 503
    case .unsupportedHTTPVersion: 505
    case .diskFull, .quotaReached: 507
    default: 400
    }
  }

  /// RFC 7644 table 9, RFC 9865 table 3.
  package var kind: SCIMError.Kind? {
    switch self {
    case .filterEmpty, .filterTooLong, .filterTooComplex, .filterSyntax, .filterLiteral, .filterUnquoted,
      .filterAttributeUnknown,
      .filterSubattributeUnknown, .filterNeedsSubattribute, .filterNotOnSimple,
      .filterOperatorUnknown, .filterOperatorType, .filterValueType, .filterSecretInBody:
      .invalidFilter
    case .filterSecret: .sensitive
    case .filterTooMuchWork, .tooManyOperations: .tooMany
    case .notUnique, .identityMismatch: .uniqueness
    case .requiredRemoved, .attributeReadOnly, .attributeImmutable, .activeRemoved, .schemasReadOnly,
      .memberUnchangeable:
      .mutability
    case .missingBody, .invalidJSON, .notAnObject, .memberTwice, .schemasMissing, .schemasInvalid,
      .parameterInvalid, .operationsMissing, .operationNotObject, .opMissing, .opUnknown, .bulkMemberInvalid,
      .bulkMethod, .bulkPathMissing, .bulkDataMissing, .bulkIdMissing, .bulkIdTwice,
      .attributeUnknown, .invalidSyntax:
      .invalidSyntax
    case .sortUnknown, .sortComplex, .patchPathNotText, .patchPathSyntax, .patchPathUnknown:
      .invalidPath
    case .patchPathRequired, .patchNoMatch, .memberNoMatch: .noTarget
    case .malformedQuery, .parameterTwice, .parameterNotNumber, .sortOrderInvalid, .cursorWithStartIndex,
      .attributesConflict, .patchValueMissing, .patchValueNotObject, .bulkPathUnknown, .bulkIdUnknown,
      .schemaUnknown, .requiredMissing, .valueType, .notAnArray, .complexNotObject, .tooManyValues,
      .controlCharacters, .memberWithoutValue, .memberUnknown, .invalidValue:
      .invalidValue
    case .unsupportedVersion: .invalidVers
    case .invalidCursor: .invalidCursor
    case .cursorExpired: .expiredCursor
    case .invalidCount, .cursorCountChanged: .invalidCount
    default: nil
    }
  }
}
