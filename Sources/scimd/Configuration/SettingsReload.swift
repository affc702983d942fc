import JSON
import Platform

/// Reads the settings again while the server runs: what can change takes effect, and what cannot is named.
struct SettingsReload: Sendable {
  /// Settings that change without a restart.
  private static let applied = ["logLevel", "logFormat"]

  private let loader: ConfigurationLoader
  /// The settings in effect.
  private let current: Locked<Configuration>
  /// Shows the settings in effect to administrators.
  private let publish: @Sendable (Configuration) -> Void

  init(
    _ loader: ConfigurationLoader, _ configuration: Configuration,
    publish: @escaping @Sendable (Configuration) -> Void
  ) {
    self.loader = loader
    self.publish = publish
    current = Locked(configuration)
  }

  func run() {
    let console = loader.console
    let new: Configuration
    do throws(CommandError) { new = try loader.load() } catch {
      console.log(.error, "the settings cannot be read again and stay as they are: \(error.message)")
      return
    }
    let changed = Self.differences(current.withLock { $0 }, new)
    let isApplied = { (name: String) in Self.applied.contains { $0.hasSameBytes(as: name) } }
    console.serverLog.use(new.logStyle)
    let effective = current.withLock { current in
      (current.logLevel, current.logFormat) = (new.logLevel, new.logFormat)
      for name in Self.applied { current.origins[name] = new.origins[name] }
      return current
    }
    publish(effective)
    let (taken, waiting) = (changed.filter(isApplied), changed.filter { !isApplied($0) })
    if !taken.isEmpty { console.log(.info, "changed: \(taken.joined(separator: ", "))") }
    if !waiting.isEmpty {
      console.log(.warning, "changed, and in effect after a restart: \(waiting.joined(separator: ", "))")
    }
    if changed.isEmpty { console.log(.info, "the settings were read again; none has changed") }
  }

  /// The names of the settings that differ.
  private static func differences(_ a: Configuration, _ b: Configuration) -> [String] {
    Configuration.settings.filter { !$0.read(a).hasSameBytes(as: $0.read(b)) }.map(\.name)
  }
}
