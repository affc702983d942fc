extension Configuration {
  var hasTLS: Bool { !tlsCertificate.isEmpty }

  /// Whether `listen` speaks TLS; a unix socket never does.
  var listenSpeaksTLS: Bool {
    if case .tcp = listen { hasTLS } else { false }
  }

  /// Whether one of the other listeners speaks TLS: where other machines can connect.
  func speaksTLS(_ other: ListenSetting) -> Bool { hasTLS && !other.isLocal }

  /// Refuses settings of TLS that say nothing together.
  func checkTLS() throws(CommandError) {
    guard tlsCertificate.count == tlsKey.count else {
      throw CommandError(
        .configuration,
        "tlsCertificate names \(tlsCertificate.count) files and tlsKey \(tlsKey.count): each certificate needs its key",
        advice: "Set both, in the same order: --tls-certificate FILE --tls-key FILE.")
    }
    if tlsClientCA != nil, !hasTLS {
      throw CommandError(
        .configuration, "tlsClientCA is set, but the server speaks no TLS",
        advice: "Set its certificate and key: --tls-certificate FILE --tls-key FILE.")
    }
    if redirectListen != nil, publicURL?.isHTTPS != true {
      throw CommandError(
        .configuration, "redirectListen is set, but there is no https address to redirect to",
        advice: "Set it: --public-url https://scim.example.com (SCIMD_PUBLIC_URL).")
    }
  }
}
