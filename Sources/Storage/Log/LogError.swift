package import Platform

/// Damage that must not be passed over: which file, where in it, and why.
package struct LogCorruption: Error, Sendable, Equatable, CustomStringConvertible {
  package let file: String
  /// Bytes from the start of the file to the damaged line.
  package let offset: Int
  package let reason: String

  package init(file: String, offset: Int, reason: String) {
    self.file = file
    self.offset = offset
    self.reason = reason
  }

  package var description: String {
    "\(file), offset \(offset): \(reason). Nothing was changed. "
      + "Restore the folder from a backup; without one, `scimd store repair` says what can be kept"
  }
}

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
      "\(file) has format \(format), this version reads formats up to \(LogName.format)"
    case .system(let file, let error): "\(file): \(error)"
    }
  }
}

extension LogError {
  /// What `body` returns; the error of a failed call with the file that it was about.
  static func at<Value>(
    _ file: String, _ body: () throws(SystemError) -> Value
  ) throws(LogError) -> Value {
    do { return try body() } catch { throw .system(file: file, error) }
  }
}

/// Something that was mended or passed over while reading, for the operator to know.
package struct LogWarning: Sendable, Equatable, CustomStringConvertible {
  package let file: String
  package let offset: Int
  package let message: String

  package var description: String { "\(file), offset \(offset): \(message)" }
}
