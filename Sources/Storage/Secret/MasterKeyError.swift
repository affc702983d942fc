package import Platform
package import SCIM

/// Why the master key cannot be used or changed.
package enum MasterKeyError: Error, Sendable, CustomStringConvertible {
  case system(file: String, SystemError)
  /// The file is not 64 hexadecimal digits.
  case malformed(file: String)
  /// The file does not exist; the fingerprint that the log names, if it names one.
  case missing(file: String, recorded: String?)
  /// The file holds another key than the one that the log names.
  case another(file: String, found: String, recorded: String)
  /// It is being changed already.
  case changing
  /// The log does not take the change.
  case refused(SCIMError)

  package var description: String {
    switch self {
    case .system(let file, let error): "\(file): \(error)"
    case .malformed(let file): "\(file) is not a master key: it must hold 64 hexadecimal digits"
    case .missing(let file, let recorded?):
      "the master key \(file) does not exist; this data folder was used with the one of fingerprint \(recorded)"
    case .missing(let file, nil): "the master key \(file) does not exist"
    case .another(let file, let found, let recorded):
      "\(file) holds another master key (fingerprint \(found)) than the one this data folder was used with "
        + "(fingerprint \(recorded))"
    case .changing: "The master key is being changed already."
    case .refused(let error): error.detail
    }
  }

  /// Whether the disk is full.
  package var isAboutSpace: Bool {
    switch self {
    case .system(_, let error): LogIO.isFull(error)
    case .refused(let error): error.status == 507
    default: false
    }
  }
}
