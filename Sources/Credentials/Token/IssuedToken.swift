import Platform
import SCIM
import Storage

/// A new token with its text, which is not stored anywhere.
struct IssuedToken: Sendable {
  let text: String
  let token: AccessToken
}
