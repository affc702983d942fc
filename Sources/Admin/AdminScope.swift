/// What a caller of the admin API may do.
package enum AdminScope: String, Sendable, CaseIterable {
  case read = "admin.read"
  case write = "admin.write"
  case erase = "admin.erase"
}
