/// Every bound of the HTTP layer, with its default and the reason for it.
package struct HTTPLimits: Sendable, Equatable {
  /// Bytes of a method; the longest one implemented has 7.
  package var maxMethodBytes = 32
  /// Bytes of the request line without CR LF; RFC 9112 §3 asks for 8000, SCIM filters are long.
  package var maxRequestLineBytes = 16 * 1024
  /// Bytes of one header field line without CR LF; a JWT or cookie fits.
  package var maxFieldLineBytes = 16 * 1024
  /// Header fields in a request; clients send about ten.
  package var maxFields = 100
  /// Bytes of the whole head, request line included; twice the longest line.
  package var maxHeadBytes = 32 * 1024
  /// Empty lines skipped before a request line; RFC 9112 §2.2 asks for one.
  package var maxLeadingEmptyLines = 2
  /// Bytes of a request body; a group of about 80,000 members fits.
  package var maxBodyBytes = 8 * 1024 * 1024
  /// Bytes of a chunk-size line with its extensions; nobody uses extensions.
  package var maxChunkLineBytes = 256
  /// Bytes of chunk framing beyond the size of the body limit; one-byte chunks stay possible.
  package var maxChunkOverheadBytes = 64 * 1024
  /// Bytes of the trailer section, which is checked and dropped.
  package var maxTrailerBytes = 8 * 1024

  /// Seconds from the first byte of a head to its last, in total: a dripping peer gains nothing.
  package var headSeconds = 10.0
  /// Seconds for a body in total, plus the time its bytes take at `minBytesPerSecond`.
  package var bodySeconds = 10.0
  /// The slowest transfer that is waited for, in either direction.
  package var minBytesPerSecond = 10_000
  /// Seconds a connection may rest between requests; above the 60 s of usual proxies.
  package var idleSeconds = 75.0
  /// Seconds for a peer to take what is written, plus the time its bytes take at `minBytesPerSecond`.
  package var writeSeconds = 10.0
  /// Seconds a closing connection waits for the peer to read the last answer.
  package var lingerSeconds = 2.0
  /// Bytes read and dropped while a closing connection waits.
  package var maxLingerBytes = 4 * 1024 * 1024
  /// Bytes of an already refused body that are read to keep the connection usable.
  package var maxDiscardedBodyBytes = 256 * 1024

  /// Requests on one connection, so that load spreads again after a while.
  package var maxRequestsPerConnection = 10_000
  /// Open connections of the whole server; also kept below RLIMIT_NOFILE - 64.
  package var maxConnections = 1024
  /// Open connections of one address (an IPv6 /64).
  package var maxConnectionsPerPeer = 128
  /// Whether this machine's own addresses escape the per-address bound: a proxy connects from there.
  package var loopbackIsUnbounded = true
  /// Connections beyond the bound that are told 503 at one time; more are closed without an answer.
  package var maxRefusedConnections = 64
  /// Seconds in Retry-After of a 503.
  package var retryAfterSeconds = 5
  /// Seconds accepting rests after the process ran out of descriptors.
  package var acceptPauseSeconds = 0.1
  /// Requests served from one connection before the others get their turn.
  package var maxRequestsPerTurn = 64
  /// Bytes of a streamed body written before the other connections get their turn.
  package var maxStreamedBytesPerTurn = 256 * 1024

  package init() {}

  package static let `default` = HTTPLimits()
}
