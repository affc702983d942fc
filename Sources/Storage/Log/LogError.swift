package import Platform

/// Why a log could not be read.
package enum LogError: Error, Sendable, Equatable, CustomStringConvertible {
  case corrupt(LogCorruption)
  /// The file was written by a later version of this program.
  case newerFormat(file: String, format: Int64)
  case system(file: String, SystemError)

  package var description: String {
    switch self {
    case .corrupt(let corruption): corruption.description
    case .newerFormat(let file, let format):
      "\(file) has format \(format), but this version reads formats up to \(LogName.format)"
    case .system(let file, let error): "\(file): \(error)"
    }
  }
}

extension LogError {
  /// The result of `body`; if a call failed, the error names the file.
  static func at<Value>(
    _ file: String, _ body: () throws(SystemError) -> Value
  ) throws(LogError) -> Value {
    do { return try body() } catch { throw .system(file: file, error) }
  }
}
