import Platform
import SCIM
import Storage

/// A token just made, which exists nowhere else.
struct IssuedToken: Sendable {
  let text: String
  let token: AccessToken
}
