import JSON

/// At the end, finds resources with the run's text in their names, deletes them, and reports those that remain.
struct LeftoverSweep {
  let session: Session
  let facts: ServerFacts

  /// The remaining resources, as text; empty if all are deleted.
  func leftovers() -> [String] {
    session.cleanUp(to: 0)
    let ends = session.own.present.map(\.path) + session.own.untraced
    guard facts.features.contains(.filter) else { return ends }
    for (endpoint, name) in [("/Users", "userName"), ("/Groups", "displayName")] { sweep(endpoint, name) }
    return session.own.present.map(\.path) + session.own.untraced
  }

  /// Deletes the resources of one type whose names contain the run's text.
  private func sweep(_ endpoint: String, _ name: String) {
    session.adopt(endpoint, filter: "\(name)%20co%20%22\(session.run)%22") {
      $0[name]?.stringValue?.utf8.contains(session.run.utf8) == true
    }
    session.cleanUp(to: 0)
  }
}
