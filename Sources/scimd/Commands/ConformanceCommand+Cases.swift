import Conformance
import Exchange
import JSON
import Platform

extension ConformanceCommand {
  /// The embedded cases, or those of --cases.
  func suite() throws(CommandError) -> ConformanceSuite {
    do throws(ScriptError) {
      guard let folder = invocation["cases"] else { return try ConformanceSuite.embedded() }
      return try ConformanceSuite(try files(in: folder))
    } catch {
      throw CommandError(
        .usage, "\(error)", advice: "The format is described in Sources/Conformance/ConformanceGroup.swift.")
    }
  }

  /// The folder's files and the embedded templates, which a file named templates.json replaces.
  private func files(in folder: String) throws(ScriptError) -> [(name: String, json: JSONValue)] {
    var files = try ConformanceSuite.embeddedFiles().filter { $0.name == "templates" }
    for (name, bytes) in try contents(of: folder) {
      do throws(JSONError) {
        files.append((String(name.dropLast(".json".count)), try JSONParser.parse(bytes)))
      } catch { throw ScriptError("\(folder)/\(name): \(error)") }
    }
    return files
  }

  /// The JSON files of a folder, in order of their names.
  private func contents(of folder: String) throws(ScriptError) -> [(name: String, bytes: [UInt8])] {
    do throws(SystemError) {
      return try FileSystem.list(folder).sorted().filter { $0.hasSuffix(".json") }
        .map { (name) throws(SystemError) in (name, try FileSystem.readFile("\(folder)/\(name)")) }
    } catch { throw ScriptError("--cases: \(error)") }
  }

  /// The groups with the cases that --only selects, or all of them.
  func chosenGroups(of suite: ConformanceSuite) throws(CommandError) -> [ConformanceGroup] {
    guard let list = invocation["only"] else { return suite.groups }
    let names = list.split(separator: ",").map { String($0.filter { $0 != " " }) }
    for name in names where suite.only([name]).isEmpty {
      throw CommandError(
        .usage, "--only: no such case \"\(name)\"",
        advice: "See `scimd conformance --list`.")
    }
    return suite.only(names)
  }
}
