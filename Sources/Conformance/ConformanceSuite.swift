import CAssets
package import Exchange
package import JSON

/// Groups of cases, and the templates of what they are given.
package struct ConformanceSuite: Sendable {
  /// In the order of their numbers.
  package let groups: [ConformanceGroup]
  let templates: [String: Template]

  /// Reads files by name: "templates" and one for each group; throws for the first that breaks the format.
  package init(_ files: [(name: String, json: JSONValue)]) throws(ScriptError) {
    var templates: [String: Template] = [:]
    var groups: [ConformanceGroup] = []
    for file in files {
      if file.name == "templates" {
        templates = try Template.read(file.json)
      } else {
        groups.append(try ConformanceGroup(file.json, file: file.name))
      }
    }
    self.groups = groups.sorted { $0.number < $1.number }
    self.templates = templates
    for testCase in groups.flatMap(\.cases) {
      for given in testCase.given where templates[given.template] == nil {
        throw ScriptError("\(testCase.id): the template \"\(given.template)\" does not exist")
      }
    }
  }

  /// The files inside the binary.
  package static func embedded() throws(ScriptError) -> ConformanceSuite {
    try ConformanceSuite(try embeddedFiles())
  }

  /// The templates inside the binary, for cases of one's own that bring none.
  package static func embeddedFiles() throws(ScriptError) -> [(name: String, json: JSONValue)] {
    var files: [(name: String, json: JSONValue)] = []
    for index in 0..<cassets_conformance_count {
      guard let entry = cassets_conformance(index)?.pointee else { continue }
      let name = String(cString: entry.name)
      do throws(JSONError) {
        let json = try JSONParser.parse(UnsafeRawBufferPointer(start: entry.bytes, count: entry.length))
        files.append((name, json))
      } catch { throw ScriptError("\(name): \(error)") }
    }
    return files
  }

  /// Only the cases that these name: a group's number, an id, or the beginning of ids up to a "-" or ".".
  package func only(_ names: [String]) -> [ConformanceGroup] {
    groups.compactMap { group in
      if names.contains("\(group.number)") { return group }
      let cases = group.cases.filter { testCase in
        testCase.ids.contains { id in
          names.contains { id == $0 || id.hasPrefix($0 + "-") || id.hasPrefix($0 + ".") }
        }
      }
      return cases.isEmpty ? nil : ConformanceGroup(number: group.number, title: group.title, cases: cases)
    }
  }
}
