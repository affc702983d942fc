import JSON
import Platform
package import SCIM
package import Storage

/// The steps of setting up that were seen of each connection: when first, and with which request. Seen on the fly, kept
/// as one note for each connection.
package final class ConnectionSteps: Sendable {
  package struct Seen: Sendable {
    package let step: SetupStep
    package let time: DateTime
    package let requestID: String
  }

  private struct Table {
    var seen: [ResourceID: [SetupStep: Seen]] = [:]
    /// Directories of connections with steps that are not written yet.
    var unwritten: [ResourceID: String] = [:]
  }

  private static let prefix = "steps:"

  private let store: Store
  private let table = Locked(Table())

  /// Reads what is known of the connections of all directories.
  package init(_ store: Store) {
    self.store = store
    table.withLock { table in
      for directory in store.allDirectories {
        for (key, value) in directory.notes(withPrefix: Self.prefix) {
          guard let id = ResourceID(String(key.dropFirst(Self.prefix.count))) else { continue }
          table.seen[id] = Self.steps(value)
        }
      }
    }
  }

  /// In the order of `SetupStep`.
  package func steps(of connection: ResourceID) -> [Seen] {
    let seen = table.withLock { $0.seen[connection] } ?? [:]
    return SetupStep.allCases.compactMap { seen[$0] }
  }

  /// Takes the steps of one answered request. Called on any thread; writes nothing.
  package func saw(
    _ steps: [SetupStep], by connection: ResourceID, in directory: String, at time: DateTime,
    requestID: String
  ) {
    table.withLock { table in
      for step in steps where table.seen[connection]?[step] == nil {
        table.seen[connection, default: [:]][step] = Seen(step: step, time: time, requestID: requestID)
        table.unwritten[connection] = directory
      }
    }
  }

  /// Writes new steps; does not wait for the disk. What cannot be written is tried again.
  package func upkeep() {
    let work = table.withLock { table in
      defer { table.unwritten = [:] }
      return table.unwritten.map { (id: $0.key, directory: $0.value, steps: table.seen[$0.key] ?? [:]) }
    }
    for item in work {
      guard let directory = store.existingDirectory(named: item.directory) else { continue }
      let context = RequestContext(Actor(.server), requestID: "upkeep", operation: "NOTE")
      let written = directory.writeTogether(context) { tx throws(SCIMError) in
        // Not of a connection that was removed meanwhile.
        guard (try? tx.resource(directory.administrativeType("Connection"), item.id.text)) != nil else {
          return
        }
        tx.note(Self.prefix + item.id.text, Self.json(item.steps))
      }
      let isRefused = written.contains { if case .failure = $0 { true } else { false } }
      if isRefused { table.withLock { $0.unwritten[item.id] = item.directory } }
    }
  }

  // MARK: The note

  private static func json(_ steps: [SetupStep: Seen]) -> JSONValue {
    var object = JSONObject()
    for step in SetupStep.allCases {
      guard let seen = steps[step] else { continue }
      object[step.rawValue] = ["time": .string(seen.time.description), "request": .string(seen.requestID)]
    }
    return .object(object)
  }

  private static func steps(_ json: JSONValue) -> [SetupStep: Seen] {
    var steps: [SetupStep: Seen] = [:]
    for step in SetupStep.allCases {
      guard let value = json[step.rawValue], let time = value["time"]?.stringValue.flatMap({ DateTime($0) })
      else {
        continue
      }
      steps[step] = Seen(step: step, time: time, requestID: value["request"]?.stringValue ?? "")
    }
    return steps
  }
}
