import Dispatch
import Foundation
import HTTP
import JSON
import Platform
import SCIM
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

extension ServiceFixture {
  /// The answer of the token endpoint to a form.
  func askForToken(
    _ form: String, _ fields: [(String, String)] = [], method: String = "POST",
    type: String? = "application/x-www-form-urlencoded",
    from peer: PeerAddress = PeerAddress(ipv4: [127, 0, 0, 1])
  ) throws -> HTTPResponse {
    let fields = fields + (type.map { [("Content-Type", $0)] } ?? [])
    let head = try HTTPRequestHead(method: method, target: TokenService.path, fields: fields)
    let answer = Locked<HTTPResponse?>(nil)
    let done = DispatchSemaphore(value: 0)
    TokenService(service.authorization, .none).handle(
      HTTPRequest(head: head, body: Array(form.utf8), peer: peer),
      reply: HTTPReply { response in
        answer.withLock { $0 = response }
        done.signal()
      })
    XCTAssertEqual(done.wait(timeout: .now() + 10), .success, "answered")
    return try XCTUnwrap(answer.withLock { $0 })
  }

  /// A token for a key.
  func token(_ key: CreatedKey, scope: String? = nil) throws -> String {
    let form = "grant_type=client_credentials" + (scope.map { "&scope=\($0)" } ?? "")
    let answer = try askForToken(form, [Self.basic(key.key.id, key.secret)])
    XCTAssertEqual(answer.status, .ok)
    return try XCTUnwrap(try answer.json()["access_token"]?.stringValue)
  }

  static func basic(_ user: String, _ password: String) -> (String, String) {
    ("Authorization", "Basic " + Data("\(user):\(password)".utf8).base64EncodedString())
  }

  /// A key that has these scopes, and belongs to a user.
  func makeKey(_ scopes: Scopes = .scim, profile: String = "generic", user: String? = nil) throws
    -> CreatedKey
  {
    var new = NewKey(name: "test", profile: profile, user: user)
    new.scopes = scopes
    return try keys.create(new)
  }

  /// Changes the policies of the directory.
  func set(_ change: (inout DirectoryPolicies) -> Void) throws {
    let system = service.store.system
    let type = system.administrativeType("Directory")
    let context = RequestContext(Actor(.server), requestID: "", operation: "TEST")
    _ = try system.write(context) { tx throws(SCIMError) in
      let old = try tx.resource(type, tx.find(type, "name", "default")[0].text)
      guard var description = DirectoryDescription(old.document) else { return nil }
      change(&description.policies)
      try tx.update(old, description.document.ordered(for: type), [], skipsUnknown: false)
      return nil
    }.whenDurable().get()
  }
}

extension KeySets {
  /// For tests without signed tokens.
  static var none: KeySets {
    KeySets(clock: { 0 }) { url throws(FetchFault) in throw FetchFault("\(url) is not fetched here") }
  }
}

extension GrantedKey {
  var token: AccessToken? {
    if case .token(let token) = proof { token } else { nil }
  }
}
