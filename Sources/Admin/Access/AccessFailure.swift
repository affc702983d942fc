import Access
import HTTP
import JSON
import SCIM
import Storage

/// Why a change of rights is not made.
enum AccessFailure: Error {
  case scim(SCIMError)
  case problem(AdminProblem)
}
