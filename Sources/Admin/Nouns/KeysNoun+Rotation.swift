import Credentials
import HTTP
import JSON
import Storage

// A new secret for a key, without an outage.
extension KeysNoun {
  /// Not repeatable with an `Idempotency-Key`: the secret is not stored.
  static func rotate(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path + "/{id}/rotate", "key", "rotate", .write,
      "Give a key a new secret, shown only once; the old one ends after `overlap`",
      answers: .json(.named("Key"))
    ) { call throws(AdminProblem) in
      let rotation = try KeyRotation(try call.object())
      let id = try key(call).id
      do throws(KeyAdministrationError) {
        let rotated = try administration(call).rotate(
          id, overlap: rotation.overlap, expires: rotation.expires, ceiling: call.caller.ceiling,
          ifMatch: call.ifMatch, call.context("ROTATE /keys/{id}"))
        var report = KeyReport(rotated.key, world: call.world)
        report.secret = rotated.secret
        if !report.isForAllDirectories { report.baseURL = call.world.base }
        return answer(report, rotated.key, call)
      } catch {
        throw problem(error)
      }
    }.with {
      $0.body = .json(.named("KeyRotation"))
      $0.takesIfMatch = true
      $0.replay = secretShownOnce
    }
  }

  static func complete(_ path: String) -> AdminRoute {
    end(path, "complete", "End the old secret of a key that is being rotated") {
      (administration, call, id) throws(KeyAdministrationError) in
      try administration.complete(id, ifMatch: call.ifMatch, call.context("COMPLETE /keys/{id}"))
    }
  }

  static func cancel(_ path: String) -> AdminRoute {
    end(path, "cancel", "End the new secret of a key that is being rotated, and keep the old one") {
      (administration, call, id) throws(KeyAdministrationError) in
      try administration.cancel(
        id, ceiling: call.caller.ceiling, ifMatch: call.ifMatch, call.context("CANCEL /keys/{id}"))
    }
  }

  /// The route that ends one of the two secrets of a key.
  private static func end(
    _ path: String, _ verb: String, _ summary: String,
    _ act: @escaping @Sendable (KeyAdministration, AdminCall, String) throws(KeyAdministrationError) -> APIKey
  ) -> AdminRoute {
    AdminRoute(
      .post, path + "/{id}/" + verb, "key", verb, .write, summary, answers: .json(.named("Key"))
    ) { call throws(AdminProblem) in
      let id = try key(call).id
      do throws(KeyAdministrationError) {
        let changed = try act(administration(call), call, id)
        return answer(KeyReport(changed, world: call.world), changed, call)
      } catch {
        throw problem(error)
      }
    }.with {
      $0.takesIfMatch = true
      $0.replay = shown
    }
  }

  // MARK: Keys in a text

  /// A key of another directory is reported as unknown to a caller of one directory.
  static func inspect(_ path: String) -> AdminRoute {
    AdminRoute(
      .post, path + "/inspect", "key", "inspect", .read,
      "Identify the keys and tokens of this server in a text, which is not stored",
      answers: .json(.page(.named("KeyFinding")))
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["text"], of: "an inspection")
      let found = call.world.keys.findings(in: Array(try reader.text("text").utf8)[...])
      let isVisible = { (key: APIKey) in
        call.tenant.map { $0.name.hasSameBytes(as: key.directory) } ?? true
      }
      return AdminAnswer(
        items: found.map { KeyFindingReport($0, world: call.world, isVisible).json }, next: nil)
    }.with { $0.body = .json(.object([.init("text", .text)])) }
  }
}
