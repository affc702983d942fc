import JSON
import Platform
package import SCIM
package import Storage

/// What was seen of each connection: the steps of its set-up, when first and with which request, and its activity. Seen
/// on the fly, kept as one note for each connection.
package final class ConnectionSteps: Sendable {
  package struct Seen: Sendable {
    package let step: SetupStep
    package let time: DateTime
    package let requestID: String
  }

  private struct Table {
    var seen: [ResourceID: [SetupStep: Seen]] = [:]
    var activities: [ResourceID: ConnectionActivity] = [:]
    /// Directories of connections with steps that are not written yet.
    var unwritten: [ResourceID: String] = [:]
    /// The same for those of which only the activity is newer; written once a minute.
    var active: [ResourceID: String] = [:]
    /// Milliseconds since 1970.
    var activityWritten: [ResourceID: Int64] = [:]
  }

  private static let prefix = "steps:"
  /// Milliseconds between two writes of a connection's activity.
  private static let activityInterval: Int64 = 60_000

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
          table.activities[id] = ConnectionActivity(value["activity"])
        }
      }
    }
  }

  /// In the order of `SetupStep`.
  package func steps(of connection: ResourceID) -> [Seen] {
    let seen = table.withLock { $0.seen[connection] } ?? [:]
    return SetupStep.allCases.compactMap { seen[$0] }
  }

  package func activity(of connection: ResourceID) -> ConnectionActivity {
    table.withLock { $0.activities[connection] } ?? ConnectionActivity()
  }

  /// Takes one answered request. Called on any thread; writes nothing.
  ///
  /// - Parameter answer: nil if its key was refused.
  package func saw(
    _ steps: [SetupStep], _ answer: (status: Int, isWrite: Bool)? = nil, by connection: ResourceID,
    in directory: String, at time: DateTime, requestID: String
  ) {
    table.withLock { table in
      for step in steps where table.seen[connection]?[step] == nil {
        table.seen[connection, default: [:]][step] = Seen(step: step, time: time, requestID: requestID)
        table.unwritten[connection] = directory
      }
      guard let answer else { return }
      table.activities[connection, default: ConnectionActivity()]
        .saw(at: time.milliseconds, isWrite: answer.isWrite, status: answer.status)
      table.active[connection] = directory
    }
  }

  /// Writes new steps, and the activity of a connection once a minute; does not wait for the disk. What cannot be
  /// written is tried again.
  ///
  /// - Parameter isLast: writes every activity.
  package func upkeep(isLast: Bool = false) {
    let now = store.environment.now()
    let work = table.withLock { table in
      let due = table.active.filter { id, _ in
        isLast || now - (table.activityWritten[id] ?? 0) >= Self.activityInterval
      }
      let all = due.merging(table.unwritten) { directory, _ in directory }
      for id in all.keys {
        table.active[id] = nil
        table.activityWritten[id] = now
      }
      table.unwritten = [:]
      return all.map { id, directory in
        (id: id, directory: directory, note: Self.json(table.seen[id] ?? [:], table.activities[id]))
      }
    }
    for item in work where !write(item.note, of: item.id, in: item.directory) {
      table.withLock { $0.unwritten[item.id] = item.directory }
    }
  }

  /// False if it cannot be written.
  private func write(_ note: JSONValue, of connection: ResourceID, in name: String) -> Bool {
    guard let directory = store.existingDirectory(named: name) else { return true }
    let context = RequestContext(Actor(.server), requestID: "upkeep", operation: "NOTE")
    let written = directory.writeTogether(context) { tx throws(SCIMError) in
      // Not of a connection that was removed meanwhile.
      guard (try? tx.resource(directory.administrativeType("Connection"), connection.text)) != nil else {
        return
      }
      tx.note(Self.prefix + connection.text, note)
    }
    return written.isAccepted()
  }

  // MARK: The note

  private static func json(_ steps: [SetupStep: Seen], _ activity: ConnectionActivity?) -> JSONValue {
    var object = JSONObject()
    object["activity"] = activity?.json
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
