import JSON
import Platform
package import SCIM

/// The folder in which an administrator keeps schemas and resource types: every file in it whose name ends in `.json`.
package struct SchemaFolder: Sendable {
  package static let maxFileBytes = 1 << 20

  package let path: String
  /// The names of the files, in order.
  package let files: [String]

  /// Throws if the folder cannot be listed or has no such file.
  package init(_ path: String) throws(CatalogError) {
    self.path = path
    do throws(SystemError) {
      files = try FileSystem.list(path).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
    } catch {
      throw Self.failure(path, "\(error)")
    }
    if files.isEmpty { throw Self.failure(path, "the folder has no .json file") }
  }

  /// The standard catalog with the definitions of the files; throws all their errors.
  package func catalog() throws(CatalogError) -> Catalog {
    var read: [CatalogFile] = []
    var problems: [CatalogProblem] = []
    for name in files {
      do throws(SchemaError) { read.append(CatalogFile(name: name, json: try json(name))) } catch {
        problems.append(CatalogProblem(file: name, error))
      }
    }
    guard problems.isEmpty else { throw CatalogError(problems) }
    return try CatalogBuilder.catalog(of: read)
  }

  /// The content of one file, 1 MiB at most.
  private func json(_ name: String) throws(SchemaError) -> JSONValue {
    do {
      return try JSONParser.parse(
        try FileSystem.readFile("\(path)/\(name)"), limits: JSONLimits(maxBytes: Self.maxFileBytes))
    } catch let error as JSONError {
      throw SchemaError("", "not valid JSON: \(error)")
    } catch {
      throw SchemaError("", "\(error)")
    }
  }

  private static func failure(_ path: String, _ reason: String) -> CatalogError {
    CatalogError([CatalogProblem(file: path, SchemaError("", reason))])
  }
}
