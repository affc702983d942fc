import Credentials
import JSON
import Platform
import Storage

/// The content of a data folder, and its damage.
struct StoreReport: Sendable {
  let folder: String
  let keys: Int
  let directories: [(name: String, log: LogReport)]

  /// Reads everything. Throws if the folder or the key file cannot be read at all; damage in logs is in the report.
  init(folder path: String, environment: Environment) throws(CommandError) {
    folder = path
    let folder = try DataFolder.opened(path, .readOnly)
    do throws(KeyFileError) { keys = try KeyNames.ofFile(folder).count } catch { throw CommandError(error) }
    var directories: [(name: String, log: LogReport)] = []
    for (name, log) in try Self.logs(of: folder) { directories.append((name, try Self.verify(log, name))) }
    self.directories = directories
  }

  var isSound: Bool { directories.allSatisfy { $0.log.problems.isEmpty } }

  /// One paragraph per directory; the last line says that the folder is sound, if it is.
  var text: String {
    var text = ""
    for (name, log) in directories {
      let state = log.problems.isEmpty ? "sound" : "DAMAGED"
      let range = log.records == 0 ? "no records" : "records \(log.first) to \(log.last)"
      text += "directory \(name): \(state), \(range), \(TerminalText.count(log.segments, "journal segment"))"
      text += " (\(log.journalBytes) bytes), \(TerminalText.count(log.snapshots.count, "snapshot"))\n"
      if log.rewritten > 0 {
        text += "  \(TerminalText.count(log.rewritten, "segment")) rewritten, by an erasure or a repair\n"
      }
      for warning in log.warnings { text += "  warning: \(warning)\n" }
      for problem in log.problems {
        text += "  damage: \(problem.file), offset \(problem.offset): \(problem.reason)\n"
      }
    }
    if keys > 0 { text += "keys.json: sound, \(TerminalText.count(keys, "key"))\n" }
    return text + (isSound ? "\(folder) is sound.\n" : "")
  }

  var json: JSONValue {
    [
      "folder": .string(folder), "sound": .bool(isSound), "keys": .integer(Int64(keys)),
      "directories": .array(directories.map { Self.json($0.name, $0.log) }),
    ]
  }

  /// The directories' names and the folders of their logs.
  private static func logs(of folder: DataFolder) throws(CommandError) -> [(String, String)] {
    do throws(DataFolderError) {
      var logs: [(String, String)] = []
      for name in try folder.logNames() { logs.append((name, try folder.directoryFolder(name))) }
      return logs
    } catch {
      throw CommandError(error, folder: folder.path)
    }
  }

  private static func verify(_ folder: String, _ name: String) throws(CommandError) -> LogReport {
    do throws(LogError) {
      return try LogReport(folder: folder, directory: name)
    } catch {
      throw CommandError(error)
    }
  }

  private static func json(_ name: String, _ log: LogReport) -> JSONValue {
    [
      "name": .string(name), "first": .integer(Int64(clamping: log.first)),
      "last": .integer(Int64(clamping: log.last)), "records": .integer(Int64(log.records)),
      "segments": .integer(Int64(log.segments)), "rewritten": .integer(Int64(log.rewritten)),
      "snapshots": .integer(Int64(log.snapshots.count)),
      "warnings": .array(log.warnings.map { place($0.file, $0.offset, $0.message) }),
      "problems": .array(log.problems.map { place($0.file, $0.offset, $0.reason) }),
    ]
  }

  private static func place(_ file: String, _ offset: Int, _ reason: String) -> JSONValue {
    ["file": .string(file), "offset": .integer(Int64(offset)), "reason": .string(reason)]
  }
}
