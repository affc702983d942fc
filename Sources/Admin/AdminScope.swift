import Credentials

/// What a caller of the admin API may do.
package enum AdminScope: String, Sendable, CaseIterable {
  case read = "admin.read"
  case write = "admin.write"
  case erase = "admin.erase"

  /// The same as a scope of keys.
  var scope: Scopes {
    switch self {
    case .read: .adminRead
    case .write: .adminWrite
    case .erase: .adminErase
    }
  }
}
