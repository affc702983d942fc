package import Client

/// Why a run could not begin.
package enum ConformanceProblem: Error, Sendable {
  case unreachable(ClientError)
  /// The key was answered with this status.
  case badKey(status: Int)
  case interrupted
}
