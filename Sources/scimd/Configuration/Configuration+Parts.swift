import Client
import Credentials
import HTTP
import Insight
import Platform
import Protocol
import Storage

// The configuration of each part of the server.
extension Configuration {
  /// `onDelete` purge is a retention of zero.
  var storeOptions: StoreOptions {
    var options = StoreOptions()
    options.uniqueGroupNames = uniqueGroupNames
    options.snapshotBytes = snapshotBytes
    options.deletedRetention = onDelete == .purge ? 0 : Int64(deletedRetentionDays) * 86_400_000
    options.historyRetention = LogRetention(days: Int64(historyRetentionDays), bytes: historyRetentionBytes)
    return options
  }

  /// For a command that opens a folder without its server: it must not remove data that the server, which may be set
  /// otherwise, still keeps.
  var cautiousStoreOptions: StoreOptions {
    var options = storeOptions
    options.deletedRetention = .max
    options.historyRetention = LogRetention(days: .max / 86_400_001, bytes: .max)
    return options
  }

  /// Without the roles, the rights and the secret of cursors, which need an open store.
  var serviceSettings: ServiceSettings {
    var settings = ServiceSettings()
    settings.publicBase = publicURL.map { $0.text + PublicURL.basePath }
    if case .tcp(_, let port) = listen { settings.localBase = baseURL(port: port) }
    settings.trustedProxies = Set(trustedProxies)
    settings.maxResults = maxResults
    settings.maxPageBytes = maxPageBytes
    settings.cursorTimeout = cursorTimeout
    settings.maxBulkOperations = maxBulkOperations
    settings.patchResponseIsMinimal = patchResponse == .minimal
    settings.refusesUnknownAttributes = strictAttributes
    settings.maxBodyBytes = http.maxBodyBytes
    settings.failedKeysPerMinute = failedKeysPerMinute
    return settings
  }
}

extension Configuration {
  /// Where the server may connect to on behalf of others.
  var outbound: OutboundGuard {
    OutboundGuard(
      allowed: outboundAllow.compactMap { IPNetwork($0) },
      tls: ClientTLS(ClientTLS.Files(authorities: caFile)))
  }

  var ringLimits: RingLimits {
    var limits = RingLimits()
    limits.entries = requestEntries
    limits.age = Int64(requestDays) * 86_400_000
    return limits
  }

  /// A connection may send ten seconds' worth of requests at once, a key without a connection two.
  var requestLimits: RequestLimits {
    RequestLimits(
      connection: connectionRate.map { RequestLimit(perSecond: $0, burst: 10 * $0) },
      key: keyRate.map { RequestLimit(perSecond: $0, burst: 2 * $0) })
  }
}

extension ListenSetting {
  var address: ListenAddress {
    switch self {
    case .tcp(let host, let port): .tcp(host: host, port: port)
    // A proxy runs as another user: its group may connect.
    case .unix(let path): .unix(path: path, mode: 0o660)
    }
  }
}
