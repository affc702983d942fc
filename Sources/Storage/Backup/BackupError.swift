package import Platform

/// Why a backup cannot be read or restored.
package enum BackupError: Error, Sendable, CustomStringConvertible {
  /// Not a backup, incomplete, or damaged; the line counts from 1.
  case damaged(file: String, line: Int, reason: String)
  case newerFormat(file: String, format: Int64)
  case system(file: String, SystemError)
  case folder(DataFolderError)
  /// The restored folder cannot be read back.
  case unreadable(StoreError)

  package var description: String {
    switch self {
    case .damaged(let file, let line, let reason): "\(file), line \(line): \(reason)"
    case .newerFormat(let file, let format):
      "\(file) has format \(format), but this version reads formats up to \(BackupPieces.format)"
    case .system(let file, let error): "\(file): \(error)"
    case .folder(let error): error.description
    case .unreadable(let error): "the restored folder cannot be read back: \(error)"
    }
  }
}
