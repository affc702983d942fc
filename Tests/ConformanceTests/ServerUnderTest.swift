import Client
import Foundation
import Platform
import XCTest

/// The server that the suite talks to: that of `SCIM_BASE_URL`, or else one in this process, started once.
///
/// A server elsewhere needs `SCIM_TOKEN`, a key of the profile generic in an otherwise unused directory. What needs a
/// key of another profile is skipped unless `SCIM_TOKEN_OKTA`, `SCIM_TOKEN_ENTRA` and so on are set; what needs a
/// second directory wants `SCIM_TOKEN_OTHER`.
final class ServerUnderTest: Sendable {
  static let shared = Result { try ServerUnderTest() }

  let base: String
  private let local: LocalServer?
  private let tokens: Locked<[String: String]>

  private init() throws {
    let variables = ProcessInfo.processInfo.environment
    var tokens: [String: String] = [:]
    for (name, value) in variables where name.hasPrefix("SCIM_TOKEN_") {
      tokens[name.dropFirst("SCIM_TOKEN_".count).lowercased()] = value
    }
    tokens["generic"] = variables["SCIM_TOKEN"] ?? tokens["generic"]
    self.tokens = Locked(tokens)
    if let base = variables["SCIM_BASE_URL"], !base.isEmpty {
      self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
      local = nil
      print(
        "The suite deletes what it makes, but scimd keeps deleted resources for a while: give it a directory of its own."
      )
    } else {
      let server = try LocalServer.temporary()
      base = server.root + "/scim/v2"
      local = server
    }
  }

  /// The URL before the canonical path; skips where the server is mounted elsewhere.
  func root() throws -> String {
    guard base.hasSuffix("/scim/v2") else { throw XCTSkip("\(base) does not end with /scim/v2") }
    return String(base.dropLast("/scim/v2".count))
  }

  /// A key of this profile; `other` is one of profile generic in another directory.
  func token(_ profile: String = "generic") throws -> String {
    try tokens.withLock { tokens in
      if let token = tokens[profile] { return token }
      guard let local else {
        let suffix = profile == "generic" ? "" : "_\(profile.uppercased())"
        throw XCTSkip("SCIM_TOKEN\(suffix) is not set")
      }
      let token =
        profile == "other"
        ? try local.key(directory: "other") : try local.key(profile: profile, directory: "default")
      tokens[profile] = token
      return token
    }
  }

  /// A client that slows down where the server asks for it: the suite sends more wrong keys than one address may.
  func client(base: String? = nil, token: String?) throws -> HTTPClient {
    let client = try HTTPClient(base: base ?? self.base, token: token)
    client.patience = { sleep(UInt32($0)) }
    return client
  }

  func client(_ profile: String = "generic") throws -> HTTPClient {
    try client(token: try token(profile))
  }
}
