package import JSON
package import Platform
package import SCIM
package import Storage
package import Transfer

/// What an administrator does with the resources of a directory: the one piece of logic behind the control socket and
/// the commands. Blocks until what it answers is on disk; not for an event loop.
package struct DirectoryAdministration: Sendable {
  private let directory: Directory
  private let environment: Environment
  /// From where it is used: `control socket`, or `command line` where no server runs.
  private let origin: String

  package init(_ directory: Directory, environment: Environment, origin: String) {
    self.directory = directory
    self.environment = environment
    self.origin = origin
  }

  /// The resources of a type, or its deleted ones, as lines of JSON.
  package func list(_ type: ResourceType, deleted: Bool) -> SummaryPieces {
    directory.summaries(type, deleted: deleted).whenDurable()
  }

  /// The resource that is there again, as clients see it, links beginning with `base`.
  package func restore(_ type: ResourceType, _ id: String, base: String) throws(SCIMError) -> [UInt8] {
    let restored = try directory.restore(type, id, context("RESTORE \(type.endpoint)/{id}")).whenDurable()
      .get()
    var bytes: [UInt8] = []
    restored?.write(to: &bytes, base: base, .standard(type))
    return bytes
  }

  /// Takes a resource, also a deleted one, out of the state, the history and every file. The answer is an object:
  ///
  ///     {"erased": "<id>", "type": "User", "rewritten": ["journal-0000000000000001.jsonl"], "unreadable": [],
  ///      "postponed": null}
  ///
  /// Throws 404 where the directory, its history included, knows nothing of that id.
  package func erase(_ type: ResourceType, _ id: ResourceID) throws(SCIMError) -> JSONValue {
    let known: Bool
    do throws(LogError) {
      known = try directory.knows(id)
    } catch {
      throw SCIMError(status: 500, detail: "\(error)")
    }
    guard known else { throw .notFound("\(type.name) \(id.text)") }
    _ = try directory.erase(type, id, context("ERASE \(type.endpoint)/{id}")).whenDurable().get()
    let result = directory.finishErasure(of: id)
    return [
      "erased": .string(id.text), "type": .string(type.name),
      "rewritten": .array(result.rewritten.map { .string($0) }),
      "unreadable": .array(result.unreadable.map { .string($0) }),
      "postponed": result.postponed.map { .string($0) } ?? .null,
    ]
  }

  /// What an import did; see `ImportReport`. Throws where the directory takes no change at all.
  package func importing(_ bytes: [UInt8], _ options: ImportOptions) throws(SCIMError) -> JSONValue {
    try ImportJob(bytes, options, directory).run(context("IMPORT")).json
  }

  /// An administrator has no key; the record says so by the profile.
  private func context(_ operation: String) -> RequestContext {
    RequestContext(
      key: "", profile: "admin", requestID: "admin-\(environment.uuid().prefix(8))", remote: origin,
      operation: operation)
  }
}
