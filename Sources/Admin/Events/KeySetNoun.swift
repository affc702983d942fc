import Feed
import HTTP
import JSON
import Platform
import Storage
import TLS

/// The public keys of event tokens as a JSON Web Key Set (RFC 7517 §5); open to everyone who can connect.
package enum KeySetNoun {
  package static let path = "/.well-known/jwks.json"

  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, path, "docs", "keySet", nil, "Get the public keys that verify event tokens",
        answers: .json(.object([.init("keys", .list(.open([])))]))
      ) { call throws(AdminProblem) in AdminAnswer(["keys": .array(try keys(call))]) }
    ]
  }

  private static func keys(_ call: AdminCall) throws(AdminProblem) -> [JSONValue] {
    let streams = call.world.store.allDirectories.flatMap { directory in
      directory.administrative(all: directory.administrativeType(EventTargetKind.stream.rawValue))
        .whenDurable()
    }
    guard !streams.isEmpty else { return [] }
    try StreamsNoun.checkSigning(call)
    let (now, keys) = (call.world.environment.now(), call.world.webhooks.streams.keys)
    var found: [JSONValue] = []
    do throws(TLSError) {
      for resource in streams {
        guard let stream = TokenStream(resource.document) else { continue }
        for generation in stream.generations(at: now) {
          found.append(try keys.key(of: resource.id.text, generation, stream.algorithm).json)
        }
      }
    } catch { throw AdminProblem(error) }
    return found
  }
}
