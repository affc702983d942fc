import Platform

/// The destination of the access log: standard error, or a file that can be rotated by renaming it.
final class AccessLogOutput: Sendable {
  private let path: String?
  private let console: Console
  private let file: Locked<File?>

  /// Nil if the access log is off.
  init?(_ setting: Configuration.AccessLog, _ console: Console) throws(CommandError) {
    switch setting {
    case .off: return nil
    case .stderr: path = nil
    case .file(let path): self.path = path
    }
    self.console = console
    guard let path else {
      file = Locked(nil)
      return
    }
    do throws(SystemError) { file = Locked(try File.open(path, .append(create: true))) } catch {
      throw CommandError(.cannotCreate, path, error, isWriting: true, label: "accessLog")
    }
  }

  func write(_ lines: [UInt8]) {
    guard path != nil else { return console.data(lines, to: .error) }
    // A full disk must not stop the server; the lines are lost.
    file.withLock { try? $0?.writeAll(lines) }
  }

  /// Opens the file by its name again, after it was renamed; keeps the old one if that fails.
  func reopen() {
    guard let path else { return }
    do throws(SystemError) {
      let new = try File.open(path, .append(create: true))
      file.withLock { $0 = new }
    } catch {
      console.log(.warning, "accessLog: \(path): \(error)")
    }
  }
}
