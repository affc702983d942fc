import Client
import Credentials
import HTTP
import JSON
import Platform

/// The server as a client at its base URL sees it: requests that it sends to itself.
struct OwnVisit: Sendable {
  struct Answer: Sendable {
    let status: Int
    let hasChallenge: Bool
    let json: JSONValue
  }

  /// Nil without a server, and for https, which the client does not speak.
  private let base: String?
  /// Why there is no base.
  private let obstacle: String
  private static let timeoutSeconds = 5.0
  /// A key of the right form that nobody has: its checksum is right, so that it is looked up.
  private let strangerKey: String

  init(_ world: AdminWorld) {
    strangerKey = APIKeySecret.make(world.environment)
    if world.metrics == nil {
      (base, obstacle) = (nil, "No server runs on this folder")
    } else if world.base.hasPrefix("https:") {
      (base, obstacle) = (
        nil, "scimd cannot send https requests; try this: `curl -i \(world.base)/ServiceProviderConfig`"
      )
    } else {
      (base, obstacle) = (world.base, "")
    }
  }

  enum Key {
    case none, stranger
  }

  /// Asks for a path below the base URL.
  func get(_ path: String, _ key: Key = .none) -> Result<Answer, DoctorObstacle> {
    guard let base else { return .failure(DoctorObstacle(text: obstacle, isFailure: false)) }
    do throws(ClientError) {
      let client = try HTTPClient(
        base: base, token: key == .stranger ? strangerKey : nil, timeoutSeconds: Self.timeoutSeconds)
      defer { client.disconnect() }
      let response = try client.send(method: "GET", path: path)
      return .success(
        Answer(
          status: response.status, hasChallenge: !(response.list("WWW-Authenticate") ?? "").isEmpty,
          json: (try? response.json()) ?? .null))
    } catch {
      return .failure(DoctorObstacle(text: "\(error)", isFailure: true))
    }
  }
}

/// Why there is no answer.
struct DoctorObstacle: Error {
  let text: String
  /// False if the request could not even be tried here.
  let isFailure: Bool
}
