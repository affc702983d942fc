extension Configuration {
  /// Refuses the PROXY protocol without a trusted proxy: no client address would ever be read from it.
  func checkProxyProtocol() throws(CommandError) {
    guard proxyProtocol, trustedProxies.isEmpty else { return }
    throw CommandError(
      .configuration, "proxyProtocol is on, but trustedProxies lists no proxy that could use it",
      advice: "Set the proxy's IP address: --trusted-proxies 10.0.0.1 (SCIMD_TRUSTED_PROXIES)")
  }

  /// Refuses an address that other machines can reach if keys would be sent unencrypted, unless that is allowed.
  func checkExposure() throws(CommandError) {
    let hasProxy = publicURL?.isHTTPS == true || !trustedProxies.isEmpty
    if listen.isLocal || listenSpeaksTLS || hasProxy || insecurePlainHTTP { return }
    throw CommandError(
      .configuration,
      "\(listen) can be reached from other machines, and it speaks plain HTTP: API keys would be sent unencrypted",
      advice: """
        Do one of these:
          - give the server a certificate: --tls-certificate FILE --tls-key FILE
          - put a TLS proxy in front (config/Caddyfile), and set its address with
            --public-url https://scim.example.com (SCIMD_PUBLIC_URL)
          - listen on this machine only: --listen 127.0.0.1:8080, or --listen unix:PATH
          - on a network you trust: --insecure-plain-http (SCIMD_INSECURE_PLAIN_HTTP=true)
        """)
  }

  /// The same for the second listener, whose keys may do everything; a public URL says nothing about it.
  func checkAdminExposure() throws(CommandError) {
    guard let adminListen, !adminListen.isLocal, !hasTLS, trustedProxies.isEmpty, !insecurePlainHTTP else {
      return
    }
    throw CommandError(
      .configuration,
      "\(adminListen) can be reached from other machines, and it speaks plain HTTP: admin keys would be sent "
        + "unencrypted",
      advice: "Listen on this machine only (--admin-listen 127.0.0.1:8081), give the server a certificate "
        + "(--tls-certificate, --tls-key), set the TLS proxy in front with "
        + "--trusted-proxies, or use --insecure-plain-http on a network you trust.")
  }

  /// The doors of `listen`.
  var listenDoors: [Door] {
    if let doors { return doors }
    let isForThisMachine = listen.isLocal && publicURL == nil && trustedProxies.isEmpty
    return isForThisMachine ? Door.allCases : Door.facingOthers
  }

  /// Whether a TCP listener has the console with the admin API that its pages use.
  var hasConsole: Bool { listenHasConsole || adminListenHasConsole }

  private var listenHasConsole: Bool {
    guard case .tcp = listen else { return false }
    return listenDoors.contains(.console) && listenDoors.contains(.admin)
  }

  private var adminListenHasConsole: Bool {
    if case .tcp? = adminListen { true } else { false }
  }

  /// The address of the console for browsers on this machine; nil if no TCP listener has it.
  func consoleURL(port: Int, adminPort: Int) -> String? {
    let address: (listen: ListenSetting, port: Int, isSecure: Bool)
    if listenHasConsole {
      address = (listen, port, hasTLS)
    } else if let adminListen, adminListenHasConsole {
      address = (adminListen, adminPort, speaksTLS(adminListen))
    } else {
      return nil
    }
    let host = ListenSetting.bracketed(address.listen.reachableHost)
    return "\(address.isSecure ? "https" : "http")://\(host):\(address.port)/console/"
  }

  /// Refuses the console on a listener without the admin API, of which its pages are clients.
  func checkConsole() throws(CommandError) {
    guard let doors, doors.contains(.console), !doors.contains(.admin) else { return }
    throw CommandError(
      .configuration, "doors has console but not admin, and the console shows what the admin API answers",
      advice: "Add admin to --doors, or remove console: `scimd console` works without it.")
  }

  /// The configured TCP port; 0 for a unix socket.
  var listenPort: Int {
    if case .tcp(_, let port) = listen { port } else { 0 }
  }

  /// The URL of the SCIM root, for clients; `port` is the bound one.
  func baseURL(port: Int) -> String {
    if let publicURL { return publicURL.text + PublicURL.basePath }
    let host = ListenSetting.bracketed(listen.reachableHost)
    switch listen {
    case .tcp: return "\(listenSpeaksTLS ? "https" : "http")://\(host):\(port)\(PublicURL.basePath)"
    case .unix: return "http://\(host)\(PublicURL.basePath)"
    }
  }
}
