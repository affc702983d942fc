import Glibc
import Platform

extension Console {
  /// The real process: its standard streams and its variables.
  static func process() -> Console {
    Console(
      variables: processVariables(), environment: .system,
      isTerminal: { isatty($0 == .output ? STDOUT_FILENO : STDERR_FILENO) == 1 },
      columns: { terminalColumns() },
      emit: { stream, text in
        writeAll(Array(text.utf8), to: stream == .output ? STDOUT_FILENO : STDERR_FILENO)
      },
      prompt: { question in
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        writeAll(Array(question.utf8), to: STDERR_FILENO)
        return readLine() ?? ""
      })
  }

  /// Nil if standard output is not a terminal or has no size.
  private static func terminalColumns() -> Int? {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
    else { return nil }
    return Int(size.ws_col)
  }

  /// Writes everything; stops silently if the stream is closed.
  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// Entries without `=` are ignored.
  private static func processVariables() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) {
        variables[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
      }
      next += 1
    }
    return variables
  }
}
