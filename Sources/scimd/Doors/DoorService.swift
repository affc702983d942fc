import Admin
import HTTP
import Platform

/// The services of a listener: passes each request to the service behind its door. The paths of a door that the listener
/// does not offer, or that has no service yet, are a 404 for every caller.
final class DoorService: HTTPHandler {
  private let doors: Set<Door>
  private let scim: any HTTPHandler
  /// Nil until the address that clients use is known.
  private let admin = Locked<(any HTTPHandler)?>(nil)
  private let console = Locked<(any HTTPHandler)?>(nil)
  private let setup = Locked<(any HTTPHandler)?>(nil)
  /// Whether SCIM answers every path that belongs to no door.
  private let isOpenToSCIM: Bool
  /// Nil without a token endpoint.
  private let tokens: (any HTTPHandler)?
  private let notice: ForwardingNotice?

  /// - Parameter doors: the doors of the listener; the service for administrators is set later by `open(admin:)`.
  init(
    _ doors: [Door], scim: any HTTPHandler, tokens: (any HTTPHandler)? = nil, notice: ForwardingNotice? = nil
  ) {
    self.tokens = tokens
    self.notice = notice
    self.doors = Set(doors)
    self.scim = scim
    isOpenToSCIM = doors.contains(.scim) && doors.contains(.health)
  }

  /// Sets the services for administrators; to be called before the listener starts.
  func open(
    admin handler: any HTTPHandler, console pages: (any HTTPHandler)? = nil,
    setup room: (any HTTPHandler)? = nil
  ) {
    admin.withLock { $0 = handler }
    console.withLock { $0 = pages }
    setup.withLock { $0 = room }
  }

  func refusal(of head: HTTPRequestHead, peer: PeerAddress) -> HTTPResponse? {
    guard let handler = handler(for: head.path) else { return Self.closed }
    return handler.refusal(of: head, peer: peer)
  }

  func handle(_ request: HTTPRequest, reply: HTTPReply) {
    notice?.look(at: request.head, from: request.peer)
    guard let handler = handler(for: request.head.path) else { return reply.send(Self.closed) }
    handler.handle(request, reply: reply)
  }

  func response(to error: HTTPError, peer: PeerAddress) -> HTTPResponse {
    doors.contains(.scim)
      ? scim.response(to: error, peer: peer) : AdminHandler.response(to: AdminProblem(error))
  }

  /// Nil if the door is closed.
  private func handler(for path: ArraySlice<UInt8>) -> (any HTTPHandler)? {
    switch Door.named(by: path) {
    case nil:
      if isOpenToSCIM { return scim }
      return doors.contains(Door.isHealth(path) ? .health : .scim) ? scim : nil
    case .admin?: return doors.contains(.admin) ? admin.withLock { $0 } : nil
    case .api?: return doors.contains(.api) ? admin.withLock { $0 } : nil
    case .docs?: return doors.contains(.docs) ? admin.withLock { $0 } : nil
    case .metrics?: return doors.contains(.metrics) ? admin.withLock { $0 } : nil
    case .oauth?: return doors.contains(.oauth) ? tokens : nil
    case .console?: return doors.contains(.console) ? console.withLock { $0 } : nil
    case .setup?: return doors.contains(.setup) ? setup.withLock { $0 } : nil
    case .scim?, .health?: return nil
    }
  }

  /// The same for every closed door.
  private static var closed: HTTPResponse {
    AdminHandler.response(
      to: AdminProblem(.noSuchEndpoint, "This listener has no endpoint at this path."))
  }
}
