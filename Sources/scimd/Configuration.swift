import Feed
import HTTP
import Insight
import JSON
import Platform

/// All settings with their defaults. The table below is the only place that names them: options, variables, the
/// configuration file, the help and the README all follow from it.
struct Configuration: Sendable, Equatable {
  enum PatchResponse: String, Sendable, CaseIterable {
    case full, minimal
  }

  enum Deletion: String, Sendable, CaseIterable {
    case keep, purge
  }

  enum AccessLog: Sendable, Equatable {
    case stderr, off
    case file(String)
  }

  var data = "./scimd-data"
  var listen = ListenSetting.tcp(host: "127.0.0.1", port: 8080)
  /// Nil for the default, which depends on `listen`.
  var doors: [Door]?
  /// Nil for no second listener.
  var adminListen: ListenSetting?
  var metricsListen: ListenSetting?
  /// Nil for no listener that redirects to https.
  var redirectListen: ListenSetting?
  var publicURL: PublicURL?
  /// PEM files; empty for plain HTTP. Each has its key at the same place in `tlsKey`.
  var tlsCertificate: [String] = []
  var tlsKey: [String] = []
  /// Nil to ask for no certificate of clients.
  var tlsClientCA: String?
  /// Nil for the authorities of the system.
  var caFile: String?
  /// Nil for `secret.key` in the data folder.
  var secretKeyFile: String?
  /// Nil for only the schemas of the RFC.
  var schemas: String?
  /// Nil if /Roles and /Entitlements are not served.
  var roles: String?
  var insecurePlainHTTP = false
  var insecureFolder = false
  var trustedProxies: [String] = []
  var proxyProtocol = false
  /// Nil for one per processor the process may use.
  var loops: Int?
  var eventLoops: Int { loops ?? Processors.usable() }
  var http = HTTPLimits.default
  var failedKeysPerMinute = 20
  /// Nil for no limit.
  var connectionRate: Int? = 100
  /// Nil for no limit.
  var keyRate: Int? = 5000
  var maxResults = 200
  var maxPageBytes = 16 << 20
  var cursorTimeout = 3600
  var maxBulkOperations = 1000
  var patchResponse = PatchResponse.full
  var strictAttributes = false
  var uniqueGroupNames = false
  var accessLog = AccessLog.stderr
  var logLevel = ServerLog.Level.info
  var logFormat = ServerLog.Format.text
  var logStyle: ServerLog.Style { ServerLog.Style(level: logLevel, format: logFormat) }
  var requestValues = RequestValues.masked
  var requestEntries = 50_000
  var requestDays = 14
  /// The mailer and its arguments; empty for none.
  var mailCommand: [String] = []
  /// Networks that the server may connect to although they are not public.
  var outboundAllow: [String] = []
  /// Seconds between the attempts to send an event to a webhook.
  var webhookSchedule = WebhookSchedule.standard.seconds
  var drainSeconds = 10
  var snapshotBytes = 64 << 20
  var onDelete = Deletion.keep
  var deletedRetentionDays = 90
  var historyRetentionDays = 90
  var historyRetentionBytes = 1 << 30
  /// The origins of values, by the names of their settings; a setting without one has its default.
  var origins: [String: SettingOrigin] = [:]
  /// Values of `data` that another one overrode.
  var overruledData: [SettingOrigin.Value] = []

  func origin(of setting: String) -> SettingOrigin { origins[setting] ?? .fallback }
}

extension Configuration {
  /// All settings, in the order of the help and of the README.
  static let settings: [Setting] = [
    .text(
      "data", "DIR",
      "Folder for all state: journal, snapshots, keys. `scimd serve` creates it if it is missing.",
      read: { $0.data }
    ) { configuration, text throws(BadValue) in
      configuration.data = try Setting.path(text)
    },
    .text(
      "listen", "ADDRESS", "Where to accept connections: IP:PORT, `*:PORT` for all addresses, or unix:PATH.",
      read: { $0.listen.description }
    ) { configuration, text throws(BadValue) in configuration.listen = try ListenSetting(text) },
    .list(
      "doors", "DOORS",
      "The doors that `listen` offers: \(Door.allCases.map(\.rawValue).joined(separator: ", ")). Default: all if only this "
        + "machine can connect and neither `publicURL` nor `trustedProxies` is set; otherwise "
        + "\(Door.facingOthers.map(\.rawValue).joined(separator: ", ")).",
      read: { $0.listenDoors.map(\.rawValue) }
    ) { configuration, items throws(BadValue) in configuration.doors = try Door.list(items) },
    .text(
      "adminListen", "ADDRESS",
      "A second address, for \(Door.ofAdministration.map(\.rawValue).joined(separator: ", ")) alone; `off` for none.",
      read: { $0.adminListen?.description ?? "off" }
    ) { configuration, text throws(BadValue) in
      configuration.adminListen = text == "off" ? nil : try ListenSetting(text)
    },
    .text(
      "metricsListen", "ADDRESS",
      "An address for `/metrics` alone, without a key: everyone who can connect sees the names of directories; `off` for "
        + "none.",
      read: { $0.metricsListen?.description ?? "off" }
    ) { configuration, text throws(BadValue) in
      configuration.metricsListen = text == "off" ? nil : try ListenSetting(text)
    },
    .text(
      "redirectListen", "ADDRESS",
      "An address for plain HTTP that redirects GET requests to `publicURL` and refuses all others; a key that is sent "
        + "there is refused and reported; `off` for none.",
      read: { $0.redirectListen?.description ?? "off" }
    ) { configuration, text throws(BadValue) in
      configuration.redirectListen = text == "off" ? nil : try ListenSetting(text)
    },
    .list(
      "tlsCertificate", "FILES",
      "PEM files of certificates, each with its chain. With them `listen` speaks TLS, and so do `adminListen` and "
        + "`metricsListen` where other machines can connect. The first is for clients that name no host of the others.",
      read: { $0.tlsCertificate }
    ) { configuration, items throws(BadValue) in
      configuration.tlsCertificate = try items.map { item throws(BadValue) in try Setting.path(item) }
    },
    .list(
      "tlsKey", "FILES", "PEM files of their private keys, in the same order.", read: { $0.tlsKey }
    ) { configuration, items throws(BadValue) in
      configuration.tlsKey = try items.map { item throws(BadValue) in try Setting.path(item) }
    },
    .text(
      "tlsClientCA", "FILE",
      "A PEM file of certificate authorities: clients must present a certificate that one of them has signed.",
      read: { $0.tlsClientCA ?? "" }
    ) { configuration, text throws(BadValue) in configuration.tlsClientCA = try Setting.path(text) },
    .text(
      "caFile", "FILE",
      "A PEM file of the certificate authorities that the server trusts when it sends https requests. Default: those of "
        + "the system.",
      read: { $0.caFile ?? "" }
    ) { configuration, text throws(BadValue) in configuration.caFile = try Setting.path(text) },
    .text(
      "publicURL", "URL",
      "How clients reach the server, such as https://scim.example.com; used in every Location and $ref. Default: the "
        + "address of `listen`.",
      read: { $0.publicURL?.text ?? "" }
    ) { configuration, text throws(BadValue) in configuration.publicURL = try PublicURL(text) },
    .text(
      "secretKeyFile", "FILE",
      "File of the master key: 64 hexadecimal digits, as `openssl rand -hex 32` prints. Default: `secret.key` in the "
        + "data folder, which is created if it is missing.",
      read: { $0.secretKeyFile ?? "" }
    ) { configuration, text throws(BadValue) in configuration.secretKeyFile = try Setting.path(text) },
    .text(
      "schemas", "DIR",
      "Folder of JSON files that define your own schemas and resource types (config/schemas).",
      read: { $0.schemas ?? "" }
    ) { configuration, text throws(BadValue) in configuration.schemas = try Setting.path(text) },
    .text(
      "roles", "FILE|directory",
      "The contents of /Roles and /Entitlements: a JSON file (config/roles.json), or \"directory\" for the roles of the "
        + "caller's directory and their permissions.",
      read: { $0.roles ?? "" }
    ) { configuration, text throws(BadValue) in
      configuration.roles = text.hasSameBytes(as: RoleFile.ofDirectory) ? text : try Setting.path(text)
    },
    .list(
      "trustedProxies", "ADDRESSES", "IP addresses of proxies whose X-Forwarded fields are trusted.",
      read: { $0.trustedProxies }
    ) { configuration, items throws(BadValue) in
      for item in items where !ListenSetting.isAddress(item) {
        throw BadValue("\"\(item)\" is not an IP address")
      }
      configuration.trustedProxies = items
    },
    .switch(
      "proxyProtocol",
      "Connections from `trustedProxies` must begin with a PROXY protocol header (version 1 or 2).",
      \.proxyProtocol),
    .switch(
      "insecurePlainHTTP", "Accept plain HTTP from other machines; keys are sent unencrypted.",
      \.insecurePlainHTTP),
    .switch(
      "insecureFolder", "Serve a data folder that other users of the machine can change.", \.insecureFolder),
    .text(
      "loops", "N", "Event loops, 1 to 256.",
      read: { $0.loops.map(String.init) ?? "one per processor the process may use" }, kind: .integer
    ) { configuration, text throws(BadValue) in
      configuration.loops = try Setting.integer(text, in: 1...256)
    },
    .integer(
      "maxConnections",
      "Maximum open connections; when it is exceeded, an idle connection is closed.",
      1...1_000_000, \.http.maxConnections),
    .integer(
      "maxConnectionsPerAddress",
      "Maximum open connections per address (IPv6: per /64); those of this machine and of `trustedProxies` are not "
        + "counted.",
      1...1_000_000,
      \.http.maxConnectionsPerPeer),
    .integer(
      "maxRequestsInFlight", "Maximum concurrent requests, one per connection; any more get 503.",
      1...1_000_000,
      \.http.maxRequestsInFlight),
    .integer("maxBodyBytes", "Largest request body, in bytes.", 1024...(1 << 30), \.http.maxBodyBytes),
    .seconds("headSeconds", "Seconds in which the head of a request must arrive.", \.http.headSeconds),
    .seconds(
      "bodySeconds", "Seconds in which the body must arrive, plus one per 10 kB.",
      \.http.bodySeconds),
    .seconds("idleSeconds", "Seconds a connection may be idle between requests.", \.http.idleSeconds),
    .seconds(
      "writeSeconds", "Seconds in which a client must read an answer, plus one per 10 kB.",
      \.http.writeSeconds),
    .integer(
      "failedKeysPerMinute",
      "Requests with an invalid key that one address (IPv6: one /64) may send per minute, twice as many at first; any "
        + "more get 429. Valid keys are never delayed. 0 for no limit.", 0...1_000_000, \.failedKeysPerMinute),
    .rate(
      "connectionRate",
      "Requests per second that a connection may send with all its keys together, ten times as many at once after a "
        + "pause; any more get 429. `off` for no limit.", \.connectionRate),
    .rate(
      "keyRate",
      "The same for a key without a connection, twice as many at once.", \.keyRate),
    .integer("maxResults", "Maximum resources per page of a listing.", 1...10_000, \.maxResults),
    .integer(
      "maxPageBytes",
      "Bytes after which a page of a listing ends, even if the client asked for more resources; members are not "
        + "counted.",
      65_536...(1 << 30), \.maxPageBytes),
    .integer(
      "cursorTimeout", "How long a cursor stays valid, in seconds.", 1...31_536_000,
      \.cursorTimeout),
    .integer(
      "maxBulkOperations", "Maximum operations in one bulk request.", 1...10_000, \.maxBulkOperations),
    .choice(
      "patchResponse", "The answer to a PATCH: `full` (200 and the resource) or `minimal` (204).",
      \.patchResponse),
    .switch(
      "strictAttributes", "Refuse attributes that no schema defines instead of ignoring them.",
      \.strictAttributes),
    .switch(
      "uniqueGroupNames", "Refuse a second group with the same displayName (409).", \.uniqueGroupNames),
    .text(
      "accessLog", "WHERE",
      "One JSON line per request, on `stderr` or appended to a file (reopened on SIGHUP and SIGUSR1), or `off`.",
      read: { $0.accessLog.description }
    ) { configuration, text throws(BadValue) in configuration.accessLog = try Configuration.AccessLog(text) },
    .choice(
      "logLevel",
      "The messages on standard error: `error`, `warning` for those too, or `info` for all. Read again on SIGHUP.",
      \.logLevel),
    .choice(
      "logFormat", "The messages on standard error: lines of `text` or of `json`. Read again on SIGHUP.",
      \.logFormat),
    .choice(
      "requestValues",
      "Which values `scimd requests` shows: `all`, except secrets; `masked`: userName, displayName, ids, booleans and "
        + "names of groups; `none`.", \.requestValues),
    .integer(
      "requestEntries",
      "Maximum requests per directory to keep for `scimd requests`, in at most 64 MiB; 0 keeps none.",
      0...10_000_000, \.requestEntries),
    .integer("requestDays", "Days to keep them.", 1...3650, \.requestDays),
    .list(
      "mailCommand", "WORDS",
      "The system's mailer with its arguments, such as `msmtp,-t`: gets a whole message on standard input. For "
        + "`scimd connection link create --email`; nothing else is mailed.",
      read: { $0.mailCommand }
    ) { configuration, words throws(BadValue) in configuration.mailCommand = words.filter { !$0.isEmpty } },
    .list(
      "outboundAllow", "NETWORKS",
      "Networks that webhooks may be sent to although they are not public, such as 127.0.0.1 or 10.1.0.0/16, and with "
        + "plain http. Default: none, so that only https URLs of public addresses are called.",
      read: { $0.outboundAllow }
    ) { configuration, items throws(BadValue) in
      for item in items where IPNetwork(item) == nil {
        throw BadValue("\"\(item)\" is not an address or a network")
      }
      configuration.outboundAllow = items
    },
    .list(
      "webhookSchedule", "SECONDS",
      "Seconds to wait before each attempt to send an event to a webhook; after the last one it is disabled.",
      read: { $0.webhookSchedule.map { String($0) } }
    ) { configuration, items throws(BadValue) in
      guard (1...50).contains(items.count) else { throw BadValue("it must have 1 to 50 numbers") }
      configuration.webhookSchedule = try items.map { item throws(BadValue) in
        try Setting.integer(item, in: 0...604_800)
      }
    },
    .integer(
      "drainSeconds", "On SIGTERM, how long requests in flight may take to finish.", 0...3600,
      \.drainSeconds),
    .integer(
      "snapshotBytes", "Journal bytes after which a new snapshot is written.", 4096...(1 << 40),
      \.snapshotBytes),
    .choice(
      "onDelete",
      "What to do with a deleted resource: `keep` it so that an administrator can restore it, or `purge` it at once.",
      \.onDelete),
    .integer(
      "deletedRetentionDays", "Days to keep a deleted resource if `onDelete` is `keep`.",
      1...36_500,
      \.deletedRetentionDays),
    .integer(
      "historyRetentionDays",
      "Days to keep journal records that are no longer needed for recovery; 0 keeps none.", 0...36_500,
      \.historyRetentionDays),
    .integer(
      "historyRetentionBytes", "Maximum bytes of history per directory; the oldest is removed first.",
      0...(1 << 50), \.historyRetentionBytes),
  ]
}
