/// Events in order, and where to continue.
package struct FeedPage: Sendable {
  package var events: [Event] = []
  /// The cursor behind everything that was read, whether or not it is among the events.
  package var next: EventID
  /// Whether nothing more was on disk.
  package var isAtEnd = false

  /// A page without events so far.
  package init(next: EventID, isAtEnd: Bool = false) {
    self.next = next
    self.isAtEnd = isAtEnd
  }
}
