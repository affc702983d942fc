import SCIM

/// Who is asking, and the bytes of HTTP.
extension ErrorExplanation {
  static let caller: [ErrorExplanation] = [
    .init(
      .keyMissing, "The request has no credentials, or of a kind that this server does not offer.",
      "RFC 7644 §2, RFC 6750 §3",
      "Enter the key in {key}, as a bearer token. `scimd key create` makes one."),
    .init(
      .keyInvalid, "The key is unknown here, has expired or was revoked.", "RFC 6750 §3.1",
      "`scimd requests show` says which of these it is. Enter a valid key in {key}."),
    .init(
      .keyFieldMalformed, "The Authorization field has the word Bearer but no key.", "RFC 6750 §2.1",
      "Enter the whole key in {key}; the field seems to be empty."),
    .init(
      .tooManyFailures, "Too many requests with invalid keys came from one address.", "RFC 6585 §4",
      "Enter a valid key in {key}; a valid key is never held back. The setting failedKeysPerMinute is the limit."
    ),
    .init(
      .tooManyRequests, "More requests came with one key than it may send.", "RFC 6585 §4",
      "Wait: providers repeat the request by themselves. The settings connectionRate and keyRate are the limits."
    ),
    .init(
      .insufficientScope, "The key is valid but lacks the scope that the request needs.", "RFC 6750 §3.1",
      "Give the key the scope that the error names, with `scimd key update`, or turn this action off in {actions}."
    ),
    .init(
      .beyondDirectory, "The key is for all directories, but SCIM needs a key of one directory.",
      "RFC 7644 §6",
      "Create a key of one directory with `scimd key create --directory` and enter it in {key}."),
    .init(
      .paused, "An administrator paused the connection or the directory.", "RFC 9110 §15.6.4",
      "Resume it with `scimd connection resume` or `scimd directory resume`, then {restart}."),
    .init(
      .keyMalformed, "The text in the request is not a key of this server: it was shortened or changed.",
      "RFC 6750 §2.1",
      "Copy the whole key again, without spaces, and enter it in {key}."),
    .init(
      .keyUnknown, "Nobody here knows the key: it is another server's, or its data folder was replaced.",
      "RFC 6750 §3.1",
      "Create a key with `scimd key create` and enter it in {key}; check in {base} that the provider calls this server."
    ),
    .init(
      .keyExpired, "The key has expired.", "RFC 6750 §3.1",
      "`scimd key rotate ID` gives it a new secret; enter that in {key}."),
    .init(
      .keyRevoked, "An administrator revoked the key.", "RFC 6750 §3.1",
      "Create another key with `scimd key create` and enter it in {key}."),
    .init(
      .keyRotated, "A newer secret of the same key has replaced this one, and its time is over.",
      "RFC 6750 §3.1",
      "Enter the newer secret in {key}, or rotate the key again with `scimd key rotate`."),
    .init(
      .keyWrongUser, "The user name of Basic, or the client id, is not the id of the key.", "RFC 7617 §2",
      "Enter the id that `scimd key show` prints as the user name or client id, next to {key}."),
    .init(
      .keyWrongKind,
      "The key was sent in a way that its directory's policy authKinds or its profile forbids.",
      "RFC 7644 §2",
      "Choose another authentication mode at {key}, or allow this one with `scimd directory update --auth-kinds`."
    ),
    .init(
      .keyWrongNetwork, "The key was sent from an address outside the networks of the key or its directory.",
      "RFC 9110 §15.5.2",
      "Add the provider's network with `scimd key update ID --networks`, or the proxy's address to trustedProxies."
    ),
    .init(
      .keyWrongCertificate, "The client presented no certificate, or not the one that the key requires.",
      "RFC 8446 §4.4.2",
      "Compare the certificate in `scimd requests show` with what `scimd key show` prints; the setting tlsClientCA asks clients for theirs."
    ),
    .init(
      .signedTokenMalformed, "The client sent something that is not a signed token in its compact form.",
      "RFC 7519 §7.2",
      "Let the client send a JSON Web Token with alg, iss, sub, aud and exp, of at most 8 KiB."),
    .init(
      .signedTokenAlgorithm,
      "The signed token has no signature, or one of an algorithm that is not accepted.",
      "RFC 7518 §3.1",
      "Let the issuer sign with RS256, PS256, ES256 or EdDSA."),
    .init(
      .signedTokenUnknown, "No key accepts signed tokens of this issuer for this subject.", "RFC 7523 §3",
      "Compare both with what `scimd key show` prints, and correct them with `scimd key update --issuer --subject`."
    ),
    .init(
      .signedTokenAudience, "The signed token is for another audience.", "RFC 7523 §3",
      "Compare the audience with what `scimd key show` prints, and correct one of them."),
    .init(
      .signedTokenTime, "The signed token has expired, is not valid yet, or is valid for more than 24 hours.",
      "RFC 7523 §3",
      "Let the client sign a new token for each request, and compare the clocks of both machines."),
    .init(
      .signedTokenKey, "The key that the token names is not among the issuer's keys, or cannot be used.",
      "RFC 7517 §4.5",
      "Publish the key at the registered URL, or register the new file with `scimd key update --jwks`."),
    .init(
      .signedTokenKeysUnavailable, "The keys of the token's issuer cannot be read.", "RFC 7517 §5",
      "Open the URL that `scimd key show` prints; the setting outboundAllow permits addresses that are not public."
    ),
    .init(
      .signedTokenSignature, "The signature of the token is not that of the key that it names.",
      "RFC 7515 §5.2",
      "Check which key the client signs with, and whether something in between changes the token."),
    .init(
      .signedTokenReplayed, "The signed token was used before.", "RFC 7523 §3",
      "Let the client sign a new token, with another jti, for each request."),
    .init(
      .malformedRequest, "The bytes break a rule of HTTP; the log and the error name the rule.", "RFC 9112",
      "Send the request with an HTTP/1.1 client, and check what a proxy in between changes."),
    .init(
      .tlsOnPlainPort, "An https request reached a port that speaks plain HTTP.", "RFC 9110 §4.2.2",
      "In {base} enter the address of the TLS proxy in front of scimd, or http:// within this machine."),
    .init(
      .plainOnTLSPort, "An http request reached a port that speaks TLS.", "RFC 9110 §4.2.2",
      "In {base} write https:// instead of http://."),
    .init(
      .proxyHeaderMissing, "The connection lacks the PROXY protocol header that the listener requires.",
      "RFC 9110 §7.6",
      "Turn the PROXY protocol on in the load balancer, or the setting proxyProtocol off."),
    .init(
      .notSupported, "The method or the transfer coding is not implemented.", "RFC 9110 §15.6.2",
      "Send one of the methods of SCIM: GET, POST, PUT, PATCH or DELETE, with a plain or chunked body."),
    .init(
      .unsupportedHTTPVersion, "The request is not HTTP/1.0 or HTTP/1.1.", "RFC 9110 §15.6.6",
      "Let the proxy in front speak HTTP/1.1 to scimd."),
    .init(
      .expectationFailed, "The request expects something other than 100-continue.", "RFC 9110 §10.1.1",
      "Remove the Expect field."),
    .init(
      .requestLineTooLong, "The URL is longer than the limit.", "RFC 9110 §15.5.15",
      "Shorten the filter or the list of attributes, or send the query to .search as a POST (RFC 7644 §3.4.3)."
    ),
    .init(
      .requestTooLarge, "The header fields are larger than the limit.", "RFC 6585 §5",
      "Send fewer or shorter header fields; check which ones a proxy adds."),
    .init(
      .contentTooLarge, "The body is larger than the limit maxBodyBytes.", "RFC 9110 §15.5.14",
      "Send it in several requests, for example a group's members in parts, or raise maxBodyBytes."),
    .init(
      .requestTimeout, "The request did not arrive in time.", "RFC 9110 §15.5.9",
      "Check the network between the provider and this server, then {restart}."),
    .init(
      .tooManyConnections, "The server, or one address, has as many open connections as it may have.",
      "RFC 9110 §15.6.4",
      "Wait, close idle connections, or raise maxConnections or maxConnectionsPerAddress."),
  ]
}
