import Client

/// The server that --server or SCIMD_SERVER names, with the key for it.
enum ServerAddress {
  /// Nil if neither names one.
  static func given(
    _ invocation: Invocation, _ console: Console
  ) throws(CommandError) -> (base: ClientBase, key: String)? {
    guard let (url, place) = value(invocation, console, "server", "SCIMD_SERVER") else { return nil }
    let base = try base(url, place, ClientTrust.tls(invocation, console))
    guard let (file, option) = value(invocation, console, "key-file", "SCIMD_KEY_FILE") else {
      throw CommandError(
        .usage, "\(place) needs a key", advice: "Give a file with an admin key: --key-file FILE.")
    }
    return (base, try KeyOption.read(file, option: option))
  }

  /// The value of an option or its variable, and which of them gave it.
  private static func value(
    _ invocation: Invocation, _ console: Console, _ option: String, _ variable: String
  ) -> (value: String, place: String)? {
    if let value = invocation[option] { return (value, "--\(option)") }
    guard let value = console.variables[variable], !value.isEmpty else { return nil }
    return (value, variable)
  }

  /// Throws for a URL that would send the key over a network unencrypted.
  private static func base(
    _ url: String, _ place: String, _ tls: ClientTLS
  ) throws(CommandError) -> ClientBase {
    let advice =
      "Use https, or plain http to this machine, such as http://127.0.0.1:8080: a key must not cross a network "
      + "unencrypted."
    let base: ClientBase
    do throws(ClientError) { base = try ClientBase(url, tls: tls) } catch {
      throw CommandError(.usage, "\(place): \(url) cannot be used", advice: advice)
    }
    guard case .tcp(let host, _) = base.endpoint, base.tls == nil else { return base }
    guard ListenSetting.isLoopback(host) else {
      throw CommandError(.usage, "\(place): \(url) is plain http to another machine", advice: advice)
    }
    return base
  }
}
