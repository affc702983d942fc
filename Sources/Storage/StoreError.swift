package import SCIM

/// Why a store or a directory cannot be opened.
package enum StoreError: Error, Sendable, CustomStringConvertible {
  case log(LogError)
  case journal(String, JournalError)
  case folder(DataFolderError)
  /// `_system` does not take the directory.
  case refused(directory: String, SCIMError)
  /// The directory has data that the schemas and resource types do not define; `problem` describes it.
  case schemas(directory: String, problem: String)

  /// True if the files are intact, but were written with other schemas.
  package var isAboutSchemas: Bool {
    if case .schemas = self { true } else { false }
  }

  package var description: String {
    switch self {
    case .log(let error): error.description
    case .journal(let folder, let error): "\(folder): \(error)"
    case .folder(let error): error.description
    case .refused(let directory, let error): "the directory \(directory) cannot be created: \(error.detail)"
    case .schemas(let directory, let problem): "the directory \(directory) holds \(problem)"
    }
  }
}
