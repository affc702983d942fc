import Client

/// Why an exchange did not take place, or had no answer.
enum SessionError: Error {
  /// It would have changed what is not the run's.
  case refused(String)
  /// There is no key of another tenant.
  case noOtherKey
  case noAnswer(ClientError)
  /// The run is to end.
  case ended(String)
}
