package import Platform

/// A key file that cannot be read or written; the text names the file and says what to do.
package struct KeyFileError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    case system(SystemError)
    /// Not JSON; the text holds the byte offset.
    case malformed(String)
    case invalid(MemberError)
    case newerFormat(Int64)
    /// A directory refused the keys.
    case notTaken(String)
  }

  package let path: String
  package let kind: Kind

  package var description: String {
    switch kind {
    case .system(let error): "\(path): \(error)"
    case .malformed(let text): "\(path) is not valid JSON: \(text)"
    case .invalid(let error): "\(path): \(error)"
    case .notTaken(let reason): "the keys of \(path) cannot be brought into their directories: \(reason)"
    case .newerFormat(let version):
      "\(path) has format \(version), from a newer scimd; this one knows formats up to \(KeyFile.version)"
    }
  }
}
