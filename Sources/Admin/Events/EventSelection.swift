import Feed

/// Which events a reader gets, and how much of them.
struct EventSelection: Sendable {
  /// Empty for all.
  let types: Set<EventType>
  let form: EventForm
}
