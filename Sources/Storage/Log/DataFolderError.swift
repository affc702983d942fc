package import Platform

/// Why a data folder cannot be used.
package enum DataFolderError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Another process serves the folder; its pid, if it could be read.
  case locked(pid: Int?)
  case notFound(String)
  /// The folder has content, but no `format` file says that it is ours.
  case foreign(String)
  /// Something is in a folder that must be empty.
  case notEmpty(String)
  case damagedFormat(String)
  case newerFormat(file: String, format: Int64)
  case invalidName(String)
  case system(file: String, SystemError)

  package var description: String {
    switch self {
    case .locked(let pid):
      "another scimd (pid \(pid.map { "\($0)" } ?? "unknown")) is serving this folder"
    case .notFound(let path): "\(path) does not exist"
    case .foreign(let path):
      "\(path) is not empty and has no file \"format\", so it is not a scimd data folder. Use an empty folder, or "
        + "restore the file from a backup"
    case .notEmpty(let path): "\(path) is not empty; a backup can only be restored to a new or empty folder"
    case .damagedFormat(let path):
      "\(path) is damaged; it should contain {\"scimd\":\"data\",\"format\":\(DataFolder.format)}"
    case .newerFormat(let file, let format):
      "\(file) has format \(format), but this version reads formats up to \(DataFolder.format)"
    case .invalidName(let name):
      "\"\(name)\" is not a directory name: use 1 to 64 characters from a-z, 0-9 and -"
    case .system(let file, let error): "\(file): \(error)"
    }
  }
}
