import Dispatch
import Glibc
import Platform
import Synchronization
import TLS

/// A serial queue that owns an epoll set, listeners and the connections they accepted.
///
/// One DispatchSource watches the epoll set, and its handler drains the set: libdispatch costs seven to eleven system
/// calls per event and source. For the same reason the handler waits a moment before it returns to libdispatch: a busy
/// client soon sends the next request. `@unchecked Sendable`: everything mutable is touched on `queue` alone, except
/// `mailbox` and `thread`, which guard themselves.
final class EventLoop: @unchecked Sendable {
  /// An answer on its way to its connection; no response means that the reply was dropped.
  struct Delivery: Sendable {
    let connection: Connection
    let sequence: Int
    let response: HTTPResponse?
  }

  let server: ServerState
  let epoll: Epoll
  let readBuffer: UnsafeMutableRawBufferPointer
  /// Decrypted bytes, and encrypted ones on their way out; empty without a TLS listener.
  let plainBuffer: UnsafeMutableRawBufferPointer
  let recordBuffer: UnsafeMutableRawBufferPointer
  var writer = ResponseWriter()
  /// Monotonic nanoseconds at the last refresh; a deadline starts with `refreshClock()`.
  private(set) var now: UInt64 = 0
  /// The current connection; only its answers are written directly.
  var current: Connection?
  private(set) var isDraining = false

  private let queue: DispatchQueue
  private var source: (any DispatchSourceRead)?
  private let timer: TickTimer
  private let wake: WakeSignal
  private let mailbox = Locked(Mailbox())
  private let hasMail = Atomic(false)
  private let thread = Atomic<UInt>(0)
  var listeners: [Listener]
  var connections = ConnectionTable()
  private var resumed: [Connection] = []
  private var isTicking = false
  private var isTickDue = false
  var acceptsAgainAt: UInt64?
  private var drainDeadline = UInt64.max
  private var drained: (@Sendable () -> Void)?
  private var isStopped = false

  private struct Mailbox {
    var deliveries: [Delivery] = []
    /// Called when the loop reads its mail.
    var probes: [@Sendable () -> Void] = []
    /// Whether nobody watches the epoll set any more.
    var isUnwatched = false
  }

  struct Listener {
    let socket: Socket.Listener
    let isShared: Bool
    /// Nil for plain HTTP.
    var tls: TLSServer?
  }

  private static let timerToken: UInt64 = 0
  private static let wakeToken = ConnectionTable.firstToken - 1
  private static let tickMilliseconds = 100
  /// After this time the queue's other work runs.
  private static let turnSeconds = 0.05
  /// Short, because the queue waits too, but not so short that each wait must set a processor timer.
  private static let stayMilliseconds = 10

  /// Creates the loop; nothing runs before `start()`.
  init(index: Int, server: ServerState, listeners: [Listener]) throws(SystemError) {
    self.server = server
    self.listeners = listeners
    epoll = try Epoll()
    timer = try TickTimer()
    wake = try WakeSignal()
    queue = DispatchQueue(label: "http.loop.\(index)")
    readBuffer = .allocate(byteCount: 64 * 1024, alignment: 64)
    let speaksTLS = listeners.contains { $0.tls != nil }
    plainBuffer = .allocate(byteCount: speaksTLS ? SecureLink.inputBytes : 0, alignment: 64)
    recordBuffer = .allocate(byteCount: speaksTLS ? SecureLink.outputBytes : 0, alignment: 64)
    try epoll.add(timer.descriptor, .read, token: Self.timerToken)
    try epoll.add(wake.descriptor, [.read, .edge], token: Self.wakeToken)
    try watchListeners()
  }

  deinit {
    for buffer in [readBuffer, plainBuffer, recordBuffer] { buffer.deallocate() }
  }

  func start() {
    let source = DispatchSource.makeReadSource(fileDescriptor: epoll.descriptor, queue: queue)
    source.setEventHandler { @Sendable in self.turn() }
    let epoll = epoll
    source.setCancelHandler { @Sendable in withExtendedLifetime(epoll) {} }
    self.source = source
    source.resume()
  }

  // MARK: Events

  /// Handles events until nothing is ready or the time of a turn is over.
  private func turn() {
    begin()
    let ends = now &+ nanoseconds(Self.turnSeconds)
    var patience = 0
    while now < ends, !isStopped {
      let count = epoll.wait(milliseconds: patience)
      refreshTime()
      for index in 0..<count {
        let event = epoll.event(index)
        dispatch(event.token, event.ready)
      }
      let hadMail = takeMail()
      let hadResumed = takeResumed()
      // Everything that was ready has been handled.
      if isTickDue && count < Epoll.capacity && !isStopped { tick() }
      if count == 0 && !hadMail && !hadResumed { break }
      patience = hadResumed || !resumed.isEmpty ? 0 : Self.stayMilliseconds
    }
    end()
    if !resumed.isEmpty { queue.async { @Sendable in self.turn() } }
  }

  private func begin() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    refreshTime()
  }

  private func end() {
    thread.store(0, ordering: .relaxed)
  }

  /// The current time: earlier connections in this round may have taken long.
  func refreshClock() -> UInt64 {
    now = server.environment.monotonic()
    return now
  }

  private func refreshTime() {
    now = server.environment.monotonic()
    writer.setTime(milliseconds: server.environment.now())
  }

  /// Hands an event to the connection, listener or timer that its token names.
  private func dispatch(_ token: UInt64, _ ready: Epoll.Interest) {
    if token >= ConnectionTable.firstToken {
      connections[token]?.handle(ready)
    } else if token == Self.wakeToken {
      // Answers come in bursts, after one sync of the storage: let the rest of this one come.
      sched_yield()
    } else if token == Self.timerToken {
      timer.acknowledge()
      isTickDue = true
    } else {
      acceptAll(listeners, at: Int(token) - 1)
    }
  }

  // MARK: Answers and turns

  /// Hands an answer to its connection, from any thread.
  func deliver(_ delivery: Delivery) {
    let isHere = thread.load(ordering: .relaxed) == UInt(pthread_self())
    if isHere, current === delivery.connection {
      return delivery.connection.answer(delivery)
    }
    let (isFirst, isUnwatched) = mailbox.withLock { mail in
      mail.deliveries.append(delivery)
      return (mail.deliveries.count == 1, mail.isUnwatched)
    }
    hasMail.store(true, ordering: .releasing)
    if isUnwatched {
      queue.async { @Sendable in _ = self.takeMail() }
    } else if isFirst {
      wake.send()
    }
  }

  /// Calls back when the loop reads its mail, as soon as an answer would reach its connection. From any thread.
  func probe(_ callBack: @escaping @Sendable () -> Void) {
    let isUnwatched = mailbox.withLock { mail in
      mail.probes.append(callBack)
      return mail.isUnwatched
    }
    hasMail.store(true, ordering: .releasing)
    if isUnwatched { queue.async { @Sendable in _ = self.takeMail() } } else { wake.send() }
  }

  /// Gives a connection a turn whose stream has more, from any thread.
  func wake(_ connection: Connection) {
    queue.async { @Sendable in
      self.begin()
      connection.takeTurn { $0.writable() }
      self.end()
      if !self.resumed.isEmpty { self.turn() }
    }
  }

  /// Delivers answers from other threads and calls probes back; false if no answer had arrived.
  private func takeMail() -> Bool {
    guard hasMail.exchange(false, ordering: .acquiring) else { return false }
    let (mail, probes) = mailbox.withLock { mail in
      let all = (mail.deliveries, mail.probes)
      mail.deliveries = []
      mail.probes = []
      return all
    }
    for callBack in probes { callBack() }
    for delivery in mail {
      delivery.connection.takeTurn { connection in
        connection.answer(delivery)
        connection.continueParsing()
      }
    }
    return !mail.isEmpty
  }

  /// Gives the connection another turn after the others had theirs.
  func resume(_ connection: Connection) {
    resumed.append(connection)
  }

  /// Continues connections that had more work than fits into their last turn.
  private func takeResumed() -> Bool {
    guard !resumed.isEmpty else { return false }
    let batch = resumed
    resumed = []
    for connection in batch { connection.takeTurn { $0.continueParsing() } }
    return true
  }

  /// Forgets a connection that closed itself.
  func remove(_ connection: Connection) {
    connections.remove(connection)
    if isDraining && connections.isEmpty { stop() }
  }

  /// Closes a connection of this loop, from any thread.
  func cutOff(_ connection: Connection) {
    queue.async { @Sendable in
      // The descriptor may belong to another connection by now.
      guard !connection.state.isClosed else { return }
      Socket.resetOnClose(connection.descriptor)
      connection.close()
    }
  }

  // MARK: Time

  func nanoseconds(_ seconds: Double) -> UInt64 {
    server.limits.nanoseconds(seconds)
  }

  /// Runs the timer while deadlines are to be watched.
  func startTicking() {
    guard !isTicking else { return }
    isTicking = true
    timer.run(every: Self.tickMilliseconds)
  }

  /// Runs after the events of the turn, so that bytes sent while the loop was busy count as in time.
  private func tick() {
    isTickDue = false
    if let moment = acceptsAgainAt, now >= moment {
      acceptsAgainAt = nil
      if (try? watchListeners()) == nil { pauseAccepting() }
    }
    for connection in connections.all where connection.deadline <= now {
      connection.takeTurn { $0.deadlinePassed() }
    }
    if now >= drainDeadline {
      for connection in connections.all { connection.close() }
    }
    if connections.isEmpty && acceptsAgainAt == nil && isTicking {
      isTicking = false
      timer.run(every: 0)
    }
  }

  /// Calls back from the loop.
  func turn(_ completion: @escaping @Sendable () -> Void) { queue.async { @Sendable in completion() } }

  // MARK: Draining

  /// Accepts what is waiting, then nothing more.
  func stopAccepting(_ completion: @escaping @Sendable () -> Void) {
    queue.async { @Sendable in
      self.begin()
      self.closeListeners()
      self.end()
      completion()
    }
  }

  /// Accepts the connections that have already arrived, then closes the listeners.
  private func closeListeners() {
    for index in listeners.indices { acceptAll(listeners, at: index) }
    for listener in listeners { epoll.remove(listener.socket.descriptor.number) }
    listeners = []
    acceptsAgainAt = nil
  }

  /// Stops accepting, lets requests in flight finish, closes the rest; then calls `completion` once.
  func drain(deadline seconds: Double, completion: @escaping @Sendable () -> Void) {
    queue.async { @Sendable in
      self.begin()
      self.beginDraining(seconds, completion)
      self.end()
    }
  }

  /// Stops accepting; busy connections finish within `seconds`, idle ones are closed.
  private func beginDraining(_ seconds: Double, _ completion: @escaping @Sendable () -> Void) {
    guard !isDraining else { return completion() }
    closeListeners()
    drainDeadline = now &+ nanoseconds(seconds)
    drained = completion
    isDraining = true
    for connection in connections.all { connection.takeTurn { $0.drain() } }
    if connections.isEmpty { stop() }
  }

  /// Ends the loop and reports that it has drained.
  private func stop() {
    guard !isStopped else { return }
    isStopped = true
    timer.run(every: 0)
    source?.cancel()
    source = nil
    mailbox.withLock { $0.isUnwatched = true }
    queue.async { @Sendable in _ = self.takeMail() }
    drained?()
    drained = nil
  }
}
