/// All limits of the HTTP layer, each with its default, its reason and the answer to a peer that exceeds it.
///
/// Deadlines are totals: a peer that drips bytes gains nothing. Nothing is allocated because it was announced. Requests
/// of one connection are answered one after the other and wait in the kernel meanwhile, so no queue needs a limit.
package struct HTTPLimits: Sendable, Equatable {
  // MARK: Request head

  /// Bytes of a method; the longest one implemented has 7. Beyond: 501.
  package var maxMethodBytes = 32
  /// Bytes of the request line without CR LF; RFC 9112 §3 asks for 8000, SCIM filters are long. Beyond: 414.
  package var maxRequestLineBytes = 16 * 1024
  /// Bytes of one header field line without CR LF; a JWT or cookie fits. Beyond: 431.
  package var maxFieldLineBytes = 16 * 1024
  /// Header fields in a request; clients send about ten. Beyond: 431.
  package var maxFields = 100
  /// Bytes of the whole head, request line included; twice the longest line. Beyond: 431.
  package var maxHeadBytes = 32 * 1024
  /// Empty lines skipped before a request line; RFC 9112 §2.2 asks for one. Beyond: 400.
  package var maxLeadingEmptyLines = 2

  // MARK: Request body

  /// Bytes of a request body; a group of about 80,000 members fits. Beyond: 413, already from the head if it has the
  /// length.
  package var maxBodyBytes = 8 * 1024 * 1024
  /// Bytes of a chunk-size line with its extensions; nobody uses extensions. Beyond: 400.
  package var maxChunkLineBytes = 256
  /// Bytes of chunk framing beyond the size of the body limit; one-byte chunks stay possible. Beyond: 413.
  package var maxChunkOverheadBytes = 64 * 1024
  /// Bytes of the trailer section, which is checked and dropped. Beyond: 431.
  package var maxTrailerBytes = 8 * 1024
  /// Bytes of all the bodies that are still arriving, over all connections: a thousand slow senders of large bodies
  /// must not take the memory; at least `maxBodyBytes`. Beyond: 503 with Retry-After.
  package var maxUnfinishedBodyBytes = 256 * 1024 * 1024
  /// Bytes of all answers that peers do not read, over all connections. Beyond: the connection with the most is closed,
  /// in the middle of its answer.
  package var maxUnsentBytes = 256 * 1024 * 1024
  /// Bytes of an already refused body that are read to keep the connection usable. Beyond: closed after the answer.
  package var maxDiscardedBodyBytes = 256 * 1024

  // MARK: Deadlines

  /// Seconds from the first byte of a head to its last, in total; also from a connection to its first byte. Beyond:
  /// 408, or closed without an answer if no byte has arrived.
  package var headSeconds = 10.0
  /// Seconds for a body in total, plus the time that the bytes received take at `minBytesPerSecond`. Beyond: 408.
  package var bodySeconds = 10.0
  /// The slowest accepted transfer rate, in either direction.
  package var minBytesPerSecond = 10_000
  /// Seconds a connection may be idle after an answer; above the usual 60 s of proxies. Beyond: closed.
  package var idleSeconds = 75.0
  /// Seconds for a peer to read the output, in total, plus the time its bytes take at `minBytesPerSecond`; in a
  /// streamed answer the peer may not pause longer at one place either. Beyond: closed.
  package var writeSeconds = 10.0
  /// Seconds a streamed answer may have nothing to send. Beyond: closed.
  package var quietSeconds = 60.0
  /// Seconds a closing connection waits for the peer to read the last answer. Beyond: closed.
  package var lingerSeconds = 2.0
  /// Bytes read and dropped while a closing connection waits. Beyond: closed.
  package var maxLingerBytes = 4 * 1024 * 1024

  // MARK: Connections and requests

  /// Open connections of the whole server; also kept below RLIMIT_NOFILE. Beyond: the one that has waited longest for a
  /// whole request head, or else is idle, is closed in favour of the new one; if none can be closed, 503 with Retry-After.
  package var maxConnections = 1024
  /// The last of these places, at most an eighth, divided among the event loops: a connection there gets one answer,
  /// and only to a request without a body, so that health checks get through while slow senders hold all the others.
  package var keptConnections = 16
  /// Open connections of one address (an IPv6 /64) that is no proxy's: one peer must not take all of them. Beyond: 503
  /// with Retry-After.
  package var maxConnectionsPerPeer = 128
  /// Whether this machine's own addresses are exempt from the per-address bound: a proxy connects from there.
  package var loopbackIsUnbounded = true
  /// Connections beyond the bound that may get a 503 at the same time. Beyond: closed without an answer.
  package var maxRefusedConnections = 64
  /// Requests that the handler works on at the same time, one per connection; if many connections are allowed, no more
  /// work may queue up than can be done before the clients give up. Beyond: 503 with Retry-After.
  package var maxRequestsInFlight = 4096
  /// Requests on one connection, so that load is rebalanced after a while. The last answer says `Connection: close`.
  package var maxRequestsPerConnection = 10_000
  /// Pipelined requests served in one go, before the other connections get their turn; the rest waits.
  package var maxPipelinedRequestsPerTurn = 64
  /// Bytes of a streamed body written before the other connections get their turn.
  package var maxStreamedBytesPerTurn = 256 * 1024
  /// Seconds in Retry-After of a 503.
  package var retryAfterSeconds = 5
  /// Seconds that accepting pauses after the process ran out of descriptors.
  package var acceptPauseSeconds = 0.1

  package init() {}

  package static let `default` = HTTPLimits()
}
