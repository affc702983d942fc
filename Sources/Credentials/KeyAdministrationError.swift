import JSON
package import SCIM
import Storage
import Platform

/// Why a key was not created or changed.
package enum KeyAdministrationError: Error, Sendable, Equatable, CustomStringConvertible {
  case refused(MemberError)
  case unknownKey(id: String)
  case unknownDirectory(String)
  /// The state of the key does not allow it, in words.
  case conflict(String)
  /// The directory refused the change.
  case notTaken(SCIMError)

  package var description: String {
    switch self {
    case .refused(let error): error.description
    case .unknownKey(let id): "no key \"\(id)\" exists"
    case .unknownDirectory(let name): "no directory \"\(name)\" exists"
    case .conflict(let reason): reason
    case .notTaken(let error): error.detail
    }
  }
}
