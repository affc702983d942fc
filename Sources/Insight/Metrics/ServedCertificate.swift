/// A certificate that the server presents.
package struct ServedCertificate: Sendable {
  /// The name of its file.
  package let file: String
  /// "CN=scim.example.com".
  package let subject: String
  /// Milliseconds since 1970.
  package let expires: Int64

  package init(file: String, subject: String, expires: Int64) {
    self.file = file
    self.subject = subject
    self.expires = expires
  }
}
