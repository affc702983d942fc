package import HTTP
import JSON
import Platform
package import SCIM
package import Storage

/// A key that was checked, with everything that its requests need; an object, because each request refers to it.
package final class GrantedKey: Sendable {
  /// Whether requests with the key are accepted.
  package enum Availability: Sendable, Equatable {
    case open
    /// An administrator paused the connection or the directory, in words.
    case paused(String)
    /// The connection or the directory is being removed: the key is refused.
    case removing
  }

  /// The directory that a key leads to, with its policies and whether it is available.
  struct Place {
    /// `_system` for a key for all directories.
    let directory: Directory
    let availability: Availability
    let policies: DirectoryPolicies
  }

  /// What the caller presented.
  enum Proof: Sendable {
    case secret
    case token(AccessToken)
    /// A signed token of an issuer that the key trusts.
    case signedToken
  }

  package let key: APIKey
  /// The secret that was presented or that the token was given for; for signed tokens the newest.
  package let generation: APIKey.Generation
  package let profile: Profile
  /// Where the key leads; `_system` for a key for all directories.
  package let directory: Directory
  package let availability: Availability
  /// All that the key may do, including what its scopes imply; for a token, only what both allow.
  package let scopes: Scopes
  let policies: DirectoryPolicies
  let proof: Proof
  let usage: KeyUsage
  let meter: RequestMeter
  /// Whether its first request ends the previous secret.
  let endsOlder: Bool

  init(
    _ key: APIKey, _ generation: APIKey.Generation, _ proof: Proof, in place: Place, usage: KeyUsage,
    meter: RequestMeter
  ) {
    self.key = key
    self.generation = generation
    self.proof = proof
    self.usage = usage
    self.meter = meter
    profile = Profile.named(key.profile) ?? .generic
    directory = place.directory
    availability = place.availability
    policies = place.policies
    let own = key.scopes.expanded
    var isOfSecret = true
    switch proof {
    case .secret: scopes = own
    case .token(let token):
      scopes = own.intersection(token.scopes.expanded)
      if case .signedToken = token.basis { isOfSecret = false }
    case .signedToken:
      scopes = own
      isOfSecret = false
    }
    endsOlder =
      isOfSecret && generation.number == key.generations.last?.number
      && key.generations.dropLast().contains(where: \.untilSeen)
  }

  /// Whether neither the key, its secret nor the token has ended, and nothing of it is being removed.
  func isValid(at now: DateTime) -> Bool {
    guard availability != .removing, key.status(at: now) == .active, generation.isAlive(at: now) else {
      return false
    }
    if case .token(let token) = proof { return now < token.expires }
    return true
  }

  /// Whether the key and its directory accept requests from an address; an unknown one (nil) only if neither restricts
  /// networks.
  private func accepts(_ address: @autoclosure () -> PeerAddress?) -> Bool {
    if key.networks.isEmpty, policies.allowedNetworks.isEmpty { return true }
    guard let address = address() else { return false }
    return [key.networks, policies.allowedNetworks].allSatisfy { networks in
      networks.isEmpty || networks.contains { $0.contains(address) }
    }
  }

  /// Why the key is refused to the sender of a request: its address, or the certificate that it presented. Nil if it is
  /// not.
  package func objection(to request: HTTPRequest, trusting proxies: Set<String>) -> KeyRefusal.Reason? {
    guard accepts(request.clientAddress(trusting: proxies)) else { return .network }
    guard let needed = key.certificateSubject else { return nil }
    return request.head.clientCertificate?.hasSameBytes(as: needed) == true ? nil : .certificate
  }

  /// Whether the secret itself was presented, and not a token.
  package var isSecret: Bool {
    if case .secret = proof { true } else { false }
  }

  /// The actor of the changes that its requests make.
  package func actor(remote: String, certificate: String? = nil) -> Actor {
    Actor(
      .key, key: key.id, generation: generation.number, connection: key.connection, profile: profile.name,
      remote: remote, certificate: certificate)
  }
}
