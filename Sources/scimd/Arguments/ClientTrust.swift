import Client
import JSON

/// What commands trust for https, and present. Commands with --server read the variables only.
enum ClientTrust {
  static let options: [Command.Option] = [
    .init(
      name: "ca-file", value: "FILE",
      help: "A PEM file of the certificate authorities to trust for https. Default: those of the system.",
      variable: "SCIMD_CA_FILE"),
    .init(
      name: "client-certificate", value: "FILE",
      help: "A PEM file of the certificate to present to an https server that asks for one.",
      variable: "SCIMD_CLIENT_CERTIFICATE"),
    .init(
      name: "client-key", value: "FILE", help: "The PEM file of its private key.",
      variable: "SCIMD_CLIENT_KEY"),
  ]

  /// Files are read when the first https connection is made.
  static func tls(_ invocation: Invocation, _ console: Console) throws(CommandError) -> ClientTLS {
    let value = { (option: String, variable: String) in
      let isOption = invocation.command.options.contains { $0.name.hasSameBytes(as: option) }
      return ((isOption ? invocation[option] : nil) ?? console.variables[variable])
        .flatMap { $0.isEmpty ? nil : $0 }
    }
    var files = ClientTLS.Files(authorities: value("ca-file", "SCIMD_CA_FILE"))
    let certificate = value("client-certificate", "SCIMD_CLIENT_CERTIFICATE")
    switch (certificate, value("client-key", "SCIMD_CLIENT_KEY")) {
    case (nil, nil): break
    case (let certificate?, let key?): files.identity = (certificate, key)
    case (_?, nil), (nil, _?):
      throw CommandError(
        .usage, "a client certificate and its key belong together",
        advice: "Give both: --client-certificate FILE --client-key FILE.")
    }
    return ClientTLS(files)
  }
}
