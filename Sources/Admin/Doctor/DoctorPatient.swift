import Credentials
import Insight
import JSON
import Platform
import SCIM
import Storage

/// What the checks look at: the administered folder and, if one runs, its server. Answers of the server to requests of its
/// own are asked for once.
struct DoctorPatient: Sendable {
  let world: AdminWorld
  /// Milliseconds since 1970.
  let now: Int64
  /// Nil without a server.
  let metrics: ServerMetrics?
  let usage = ProcessUsage.current
  let visit: OwnVisit

  /// - Parameter now: milliseconds since 1970; nil for the clock's time.
  init(_ world: AdminWorld, now: Int64? = nil) {
    self.world = world
    self.now = now ?? world.environment.now()
    metrics = world.metrics
    visit = OwnVisit(world)
  }

  static let day: Int64 = 86_400_000

  /// The value of a setting as text; nil if it is empty, `off` or unknown.
  func setting(_ name: String) -> String? {
    world.settings.first { $0.name.hasSameBytes(as: name) }.map(\.value).flatMap { value in
      value.isEmpty || value.hasSameBytes(as: "off") || value.hasSameBytes(as: "false") ? nil : value
    }
  }

  func has(_ setting: String) -> Bool { if case .some = self.setting(setting) { true } else { false } }

  var directories: [Directory] { world.store.allDirectories }

  /// Keys that are not revoked.
  var keys: [APIKey] { world.keys.keys(of: nil).filter { $0.revoked == nil } }

  /// Those of them that expire at one of these times, in milliseconds since 1970.
  func keys(endingAt times: Range<Int64>) -> [APIKey] {
    keys.filter { $0.expires.map { times.contains($0.milliseconds) } ?? false }
  }

  /// When any secret of the key was last accepted, in milliseconds since 1970; nil for never.
  func lastUse(of key: APIKey) -> Int64? {
    key.generations.compactMap { world.keys.lastUse(of: key, $0)?.time.milliseconds }.max()
  }

  /// How long ago an instant was, in words.
  func ago(_ time: Int64) -> String {
    let minutes = max(0, now - time) / 60_000
    if minutes == 0 { return "just now" }
    if minutes < 120 { return "\(minutes) minutes ago" }
    return minutes < 2 * 1440 ? "\(minutes / 60) hours ago" : "\(minutes / 1440) days ago"
  }

  /// A number of things.
  static func count(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
  }

  /// The first few names of a longer list.
  static func some(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }
}
