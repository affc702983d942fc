/// What `/metrics` shows: the one table of metrics, from which answers and documentation are made.
package enum Metric: String, Sendable, CaseIterable {
  case build = "scim_build_info"
  case requests = "scim_requests_total"
  case requestDuration = "scim_request_duration_seconds"
  case resources = "scim_resources"
  case keyExpires = "scim_key_expires_timestamp_seconds"
  case keyUsed = "scim_key_last_used_timestamp_seconds"
  case requestsInFlight = "scim_requests_in_flight"
  case connections = "scim_connections"
  case connectionsAccepted = "scim_connections_accepted_total"
  case connectionsRefused = "scim_connections_refused_total"
  case malformedRequests = "scim_malformed_requests_total"
  case handshakes = "scim_tls_handshakes_total"
  case certificateExpires = "scim_tls_certificate_expires_timestamp_seconds"
  case loopLag = "scim_event_loop_lag_seconds"
  case journalBytes = "scim_journal_written_bytes_total"
  case journalBatch = "scim_journal_batch_records"
  case journalSync = "scim_journal_sync_duration_seconds"
  case journalWaiting = "scim_journal_waiting_records"
  case lockWaits = "scim_directory_lock_waits_total"
  case lockWaitSeconds = "scim_directory_lock_wait_seconds_total"
  case logDropped = "scim_access_log_dropped_lines_total"
  case requestsDropped = "scim_kept_requests_dropped_total"
  case leaverAccepted = "scim_leaver_accepted_seconds"
  case webhookBehind = "scim_webhook_behind_records"
  case cpu = "process_cpu_seconds_total"
  case memory = "process_resident_memory_bytes"
  case descriptors = "process_open_fds"
  case maxDescriptors = "process_max_fds"
  case started = "process_start_time_seconds"

  /// How values change, as Prometheus names it.
  package enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  package var kind: Kind {
    switch self {
    case .requestDuration, .journalBatch, .journalSync, .leaverAccepted: .histogram
    default: rawValue.utf8.suffix(6).elementsEqual("_total".utf8) ? .counter : .gauge
    }
  }

  package var help: String {
    switch self {
    case .build: "The version of scimd; always 1."
    case .requests: "Answered requests; those without a valid key count for the directory _system."
    case .requestDuration: "Time from the complete request to its answer, by class of status."
    case .resources: "Users, groups and other resources that are not deleted."
    case .keyExpires: "When an API key expires, in seconds since 1970."
    case .keyUsed: "When an API key was last accepted, in seconds since 1970."
    case .requestsInFlight: "Requests that are not answered yet."
    case .connections: "Open connections."
    case .connectionsAccepted: "Accepted connections."
    case .connectionsRefused: "Connections closed or answered with 503 because a limit was reached."
    case .malformedRequests: "Requests that broke a rule of HTTP, took too long to arrive, or met a limit."
    case .handshakes: "TLS handshakes that ended, by result: full, resumed or failed."
    case .certificateExpires: "When a certificate of the server expires, in seconds since 1970."
    case .loopLag: "How long an event loop took to take a new task, at the time of this answer."
    case .journalBytes: "Bytes written to journals."
    case .journalBatch: "Records that one sync made durable."
    case .journalSync: "Time to write and sync a batch of records."
    case .journalWaiting: "Accepted records that are not durable yet."
    case .lockWaits: "How often a request waited for the lock of its directory."
    case .lockWaitSeconds: "How long requests waited for the lock of their directory, in all."
    case .logDropped: "Lines that the access log could not take because its reader was too slow."
    case .requestsDropped:
      "Requests that `scimd requests` does not have because they could not be written in time."
    case .leaverAccepted: "Time from a deactivation or deletion until a webhook accepted it."
    case .webhookBehind: "Records that a webhook has not handled yet."
    case .cpu: "Processor time in user and system mode."
    case .memory: "Resident memory."
    case .descriptors: "Open file descriptors."
    case .maxDescriptors: "The limit of open file descriptors."
    case .started: "When the process started, in seconds since 1970."
    }
  }

  /// Names of labels. The values of each are bounded: by the directories, keys and routes that exist, or by a limit.
  package var labels: [String] {
    switch self {
    case .build: ["version"]
    case .requests, .requestDuration: ["directory", "route", "method", "status"]
    case .resources: ["directory", "type"]
    case .keyExpires, .keyUsed: ["directory", "key"]
    case .journalWaiting: ["directory"]
    case .webhookBehind: ["directory", "webhook"]
    case .requestsInFlight, .connections, .connectionsAccepted, .connectionsRefused, .malformedRequests:
      ["listener"]
    case .handshakes: ["listener", "result"]
    case .certificateExpires: ["file"]
    case .loopLag: ["listener", "loop"]
    case .journalBytes, .journalBatch, .journalSync, .lockWaits, .lockWaitSeconds, .logDropped,
      .requestsDropped, .leaverAccepted, .cpu, .memory,
      .descriptors, .maxDescriptors, .started:
      []
    }
  }
}
