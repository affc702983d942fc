import JSON
import Platform
import SCIM

/// The messages of a running server on standard error, a line each, as text or as JSON:
///
///     scimd: warning: the key key_8f3k2m (Okta) expires in less than 7 days, ...
///     {"time":"2027-01-31T08:00:00.000Z","level":"warning","message":"the key key_8f3k2m (Okta) expires in ..."}
final class ServerLog: Sendable {
  enum Level: String, Sendable, CaseIterable {
    case error, warning, info
  }

  enum Format: String, Sendable, CaseIterable {
    case text, json
  }

  struct Style: Sendable {
    /// The least urgent messages that are written.
    var level = Level.info
    var format = Format.text
  }

  private let style = Locked(Style())

  func use(_ style: Style) { self.style.withLock { $0 = style } }

  /// The line of a message; nil if it is not urgent enough.
  ///
  /// - Parameter now: milliseconds since 1970.
  func line(_ level: Level, _ text: String, now: Int64) -> String? {
    let style = style.withLock { $0 }
    guard Self.urgency(level) <= Self.urgency(style.level) else { return nil }
    switch style.format {
    case .text: return "scimd: \(level == .warning ? "warning: " : "")\(text)"
    case .json:
      let object: JSONValue = [
        "time": .string(DateTime(milliseconds: now).description), "level": .string(level.rawValue),
        "message": .string(text),
      ]
      return object.serializedText
    }
  }

  /// A line that is JSON already, in either form.
  func line(json: String) -> String { style.withLock { $0.format } == .json ? json : "scimd: \(json)" }

  private static func urgency(_ level: Level) -> Int {
    switch level {
    case .error: 0
    case .warning: 1
    case .info: 2
    }
  }
}

extension Console {
  /// Writes a message of the running server.
  func log(_ level: ServerLog.Level, _ text: String) {
    if let line = serverLog.line(level, text, now: environment.now()) { printError(line) }
  }
}
