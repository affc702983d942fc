import JSON
import Platform
import SCIM
import Storage

/// The differences between two dumps.
enum StoreDiff {
  /// The lines of a folder or of a dump by their resource, such as `default User <id>`.
  static func load(
    _ path: String, _ configuration: Configuration, _ environment: Environment, contentOnly: Bool
  ) throws(CommandError) -> [String: JSONValue] {
    var lines: [String: JSONValue] = [:]
    var failure: CommandError?
    /// Keeps a line by its resource; with `contentOnly`, without what an import cannot reproduce.
    func take(_ line: ArraySlice<UInt8>) {
      guard let json = try? JSONParser.parse(line), let id = json["id"]?.stringValue,
        let directory = json["directory"]?.stringValue, let type = json["type"]?.stringValue
      else {
        failure = failure ?? CommandError(.failure, "\(path) is neither a data folder nor a dump of one")
        return
      }
      let key = "\(directory) \(json["deleted"] == nil ? "" : "deleted ")\(type) \(id)"
      guard contentOnly else { return lines[key] = json }
      guard json["deleted"] == nil, var object = json.objectValue else { return }
      for name in ["created", "modified", "ordinal", "revision"] { object[name] = nil }
      lines[key] = .object(object)
    }
    if FileSystem.isDirectory(path) {
      var configuration = configuration
      configuration.data = path
      try StoreDump(configuration, environment).forEach(in: nil) { take($0[...]) }
    } else {
      do throws(SystemError) {
        for line in try FileSystem.readFile(path).split(separator: UInt8(ascii: "\n")) { take(line) }
      } catch {
        throw CommandError(.inputOutput, path, error)
      }
    }
    if let failure { throw failure }
    return lines
  }

  /// One line per difference, in order of the resources: - only in `a`, + only in `b`, ~ an attribute that differs.
  static func lines(_ a: [String: JSONValue], _ b: [String: JSONValue]) -> [String] {
    var lines: [String] = []
    for key in Set(a.keys).union(b.keys).sorted() {
      switch (a[key], b[key]) {
      case (let old?, let new?):
        for (path, before, after) in HistoryEvent.changes(old, new) {
          lines.append("~ \(key) \(path): \(text(before)) -> \(text(after))")
        }
      case (let old?, nil): lines.append("- \(key)\(name(old))")
      case (nil, let new?): lines.append("+ \(key)\(name(new))")
      case (nil, nil): break
      }
    }
    return lines
  }

  private static func name(_ json: JSONValue) -> String {
    let resource = json["resource"]
    let name = (resource?["userName"] ?? resource?["displayName"])?.stringValue
    return name.map { " (\($0))" } ?? ""
  }

  private static func text(_ json: JSONValue?) -> String {
    json.map { String(decoding: $0.serialized(), as: UTF8.self) } ?? "none"
  }
}
