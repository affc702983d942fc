package import JSON
import Storage

/// One record of a resource's history, with the names of keys and of other resources as they are now.
package struct HistoryItem: Sendable {
  /// Another resource, and its name if it is known.
  package struct Reference: Sendable {
    package let id: String
    package let name: String?
  }

  package enum Effect: Sendable {
    case created(JSONObject)
    /// An attribute by its path, before and after; nil for no value.
    case changed(String, before: JSONValue?, after: JSONValue?)
    case membersAdded([Reference])
    case membersRemoved([Reference])
    case addedTo([Reference])
    case removedFrom([Reference])
    case deleted(JSONObject)
    /// Restored; it was deleted at the time given.
    case restored(JSONObject, deleted: String)
    case erased
    /// The values of the change were erased.
    case withheld
  }

  /// The number of the record.
  package let seq: Int
  package let time: String
  package let operation: String
  package let request: String
  /// The id of the key; nil for an administrator without one.
  package let key: String?
  package let keyName: String?
  package let profile: String
  /// The client's address, or in words how the request came from this machine.
  package let origin: String
  /// The command or page in words, as the client called it.
  package let command: String?
  /// Dialect rules that fired.
  package let rules: [String]
  /// Attributes that no schema defines.
  package let ignored: [String]
  /// Members that did not exist and were omitted.
  package let skipped: [String]
  package let effects: [Effect]
}

extension HistoryItem {
  /// Takes the names of keys and resources as they are now; nil for one that is gone.
  init(_ event: HistoryEvent, keyName: (String) -> String?, name: (String) -> String?) {
    func text(_ json: JSONValue?) -> String { json?.stringValue ?? "" }
    func texts(_ json: JSONValue?) -> [String] { (json?.arrayValue ?? []).compactMap(\.stringValue) }
    let (record, actor) = (event.record, event.record["actor"])
    seq = Int(clamping: event.seq)
    time = text(record["time"])
    operation = text(record["operation"])
    request = text(record["request"])
    let key = text(actor?["key"])
    self.key = key.isEmpty ? nil : key
    self.keyName = key.isEmpty ? nil : keyName(key)
    profile = text(actor?["profile"])
    origin = Self.origin(actor)
    command = actor?["command"]?.stringValue
    rules = texts(record["dialect"])
    ignored = texts(record["ignored"])
    skipped = texts(record["skipped"])
    effects = event.effects.map { Self.effect($0, name) }
  }

  /// The address if one was recorded, otherwise the kind of the actor and its user.
  private static func origin(_ actor: JSONValue?) -> String {
    if let remote = actor?["remote"]?.stringValue { return remote }
    let user = actor?["user"]?.stringValue.map { ", user \($0)" } ?? ""
    switch actor?["kind"]?.stringValue.flatMap(Actor.Kind.init) {
    case .socket: return "control socket\(user)"
    case .command: return "command line\(user)"
    case .session: return "console\(user)"
    case .clock: return "clock"
    case .server: return "server"
    case .key, nil: return "unknown"
    }
  }

  private static func effect(_ effect: HistoryEvent.Effect, _ name: (String) -> String?) -> Effect {
    func references(_ ids: [String]) -> [Reference] { ids.map { Reference(id: $0, name: name($0)) } }
    return switch effect {
    case .created(let resource): .created(resource)
    case .changed(let path, let before, let after): .changed(path, before: before, after: after)
    case .membersAdded(let ids): .membersAdded(references(ids))
    case .membersRemoved(let ids): .membersRemoved(references(ids))
    case .addedTo(let ids): .addedTo(references(ids))
    case .removedFrom(let ids): .removedFrom(references(ids))
    case .deleted(let resource): .deleted(resource)
    case .restored(let resource, let deleted): .restored(resource, deleted: deleted)
    case .erased: .erased
    case .withheld: .withheld
    }
  }
}
