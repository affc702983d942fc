import Feed
import JSON
import SCIM
import Storage
import Transfer

/// How much a reader gets of each event.
struct EventForm: Sendable {
  /// Without values: only what happened to whom.
  var isThin = false
  /// Whether each event comes with what its subject is now. That part changes; the rest of an event never does.
  var showsCurrent = false

  /// `{"items": [...], "next": "evt_..."}`; `next` is where to continue, also if nothing is there yet.
  func json(_ page: FeedPage, _ feed: DirectoryFeed) -> JSONValue {
    ["items": .array(items(page.events, feed)), "next": .string(page.next.description)]
  }

  /// Waits until what is shown of now is on disk.
  func items(_ events: [Event], _ feed: DirectoryFeed) -> [JSONValue] {
    guard showsCurrent else { return events.map { $0.json(isThin: isThin) } }
    let types = feed.directory.catalog.types
    func subject(_ event: Event) -> (type: ResourceType, id: ResourceID)? {
      guard let type = types.first(where: { $0.name.hasSameBytes(as: event.subject.type) }),
        let id = ResourceID(event.subject.id)
      else { return nil }
      return (type, id)
    }
    let now = feed.directory.present(events.compactMap(subject)).whenDurable()
    let asOf = JSONValue.string(feed.cursor(behind: now.last).description)
    return events.map { event in
      guard let (_, id) = subject(event) else { return event.json(isThin: isThin) }
      var object = event.json(isThin: isThin).objectValue ?? JSONObject()
      var current: JSONObject = ["asOf": asOf]
      current["resource"] = now.resources[id].map { ExportLine.json($0) }
      object["current"] = .object(current)
      return .object(object)
    }
  }
}
