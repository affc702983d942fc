/// While it lives, no file of a directory's log is retired.
final class RetentionHold: Sendable {
  private let release: @Sendable () -> Void

  init(release: @escaping @Sendable () -> Void) { self.release = release }

  deinit { release() }
}
