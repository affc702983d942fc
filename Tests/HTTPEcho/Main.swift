import Dispatch
import Glibc
import HTTP
import Platform
import TLS

/// `http-echo`: the HTTP target alone on a port, for parser suites and measurements.
@main
enum Main {
  static func main() {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())), let address = options.address
    else {
      print(Options.usage)
      exit(2)
    }
    signal(SIGPIPE, SIG_IGN)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    // Before the first loop has a thread, so that no thread takes them but this one.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    do {
      let echo = Echo(content: [UInt8](repeating: UInt8(ascii: "x"), count: options.contentBytes))
      let server = try HTTPServer(
        listen: [address], loops: options.loops, limits: options.limits, environment: .system, handler: echo,
        tls: try options.tls.map { try Self.tls($0.certificate, $0.key) })
      server.start()
      print("http-echo: listening on port \(server.port)")
      fflush(nil)
      var received: CInt = 0
      sigwait(&signals, &received)
      let drained = DispatchSemaphore(value: 0)
      server.drain(deadline: 10) { drained.signal() }
      drained.wait()
    } catch {
      print("http-echo: \(error)")
      exit(1)
    }
  }

  private static func tls(_ certificate: String, _ key: String) throws -> TLSServer {
    let openSSL = try OpenSSL.load()
    let identity = try TLSIdentity(
      openSSL, certificate: File.open(certificate, .read).readAll(), key: File.open(key, .read).readAll(),
      names: (certificate, key))
    return try TLSServer(openSSL, [identity], clients: nil, environment: .system)
  }
}
