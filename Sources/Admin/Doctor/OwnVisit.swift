import Client
import Credentials
import HTTP
import Insight
import JSON
import Platform

/// The server as a client at its base URL sees it: requests that it sends to itself.
struct OwnVisit: Sendable {
  struct Answer: Sendable {
    let status: Int
    let hasChallenge: Bool
    let json: JSONValue
  }

  enum Key {
    case none, stranger
  }

  private static let timeoutSeconds = 5.0
  private static let config = "/ServiceProviderConfig"

  private let base: String
  private let tls: ClientTLS
  /// A key of the right form that nobody has: its checksum is right, so that it is looked up.
  private let strangerKey: String
  /// The answer to the first request, which several checks look at.
  let config: Result<Answer, DoctorObstacle>
  /// Whether that request arrived at this server.
  let hasArrived: Bool

  init(_ world: AdminWorld) {
    base = world.base
    tls = world.tls
    strangerKey = APIKeySecret.make(world.environment)
    guard let metrics = world.metrics else {
      config = .failure(DoctorObstacle(text: "No server runs on this folder", isFailure: false))
      hasArrived = false
      return
    }
    let before = metrics.requests.count(of: Self.config)
    config = Self.get(Self.config, base, tls, token: nil)
    hasArrived = metrics.requests.count(of: Self.config) > before
  }

  /// Asks for a path below the base URL. If the first request had no answer, this one is not sent.
  func get(_ path: String, _ key: Key = .none) -> Result<Answer, DoctorObstacle> {
    if case .failure = config { return config }
    return Self.get(path, base, tls, token: key == .stranger ? strangerKey : nil)
  }

  private static func get(
    _ path: String, _ base: String, _ tls: ClientTLS, token: String?
  ) -> Result<Answer, DoctorObstacle> {
    do throws(ClientError) {
      let client = HTTPClient(
        base: try ClientBase(base, tls: tls), token: token, timeoutSeconds: timeoutSeconds)
      defer { client.disconnect() }
      let response = try client.send(method: "GET", path: path)
      return .success(
        Answer(
          status: response.status, hasChallenge: !(response.list("WWW-Authenticate") ?? "").isEmpty,
          json: (try? response.json()) ?? .null))
    } catch {
      if case .noTLS = error { return .failure(DoctorObstacle(text: "\(error)", isFailure: false)) }
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
