import Client

/// Why an exchange did not take place, or had no answer.
enum SessionError: Error {
  /// It would have changed a resource that the run did not create.
  case refused(String)
  /// A key of another tenant is missing.
  case noOtherKey
  case noAnswer(ClientError)
  /// The run is to end.
  case ended(String)
}
