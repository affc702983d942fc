import Glibc

/// A program that takes a text on its standard input, such as the system's mailer.
package enum MailerProcess {
  /// Seconds that it may take.
  private static let patience = 20.0

  /// Runs the program without a shell, gives it the text, and waits. Throws if it cannot be started, ends with another
  /// code than 0, or takes too long, and is then killed.
  package static func run(_ words: [String], input: String) throws(SystemError) {
    let call = "run \(words.first ?? "")"
    var ends: [CInt] = [0, 0]
    // Not a pipe: writing to one whose reader is gone would raise SIGPIPE.
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .current(call) }
    let reading = Descriptor(owning: ends[0])
    let process: pid_t
    do {
      let writing = Descriptor(owning: ends[1])
      process = try start(call, words, reading.number)
      try write(call, input, to: writing.number)
    }
    try wait(call, process)
  }

  private static func start(_ call: String, _ words: [String], _ input: CInt) throws(SystemError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The server ignores or blocks signals that a mailer may rely on.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var arguments = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, words.first ?? "", &actions, &attributes, arguments, environ)
    guard code == 0 else { throw SystemError(call: call, code: code) }
    return process
  }

  /// A program that does not read its input is no error here; its exit code says what happened.
  private static func write(_ call: String, _ text: String, to descriptor: CInt) throws(SystemError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, CInt(truncatingIfNeeded: MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }

  private static func wait(_ call: String, _ process: pid_t) throws(SystemError) {
    var status: CInt = 0
    var waited = 0.0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard waited < patience else {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        throw SystemError(call: call, code: ETIMEDOUT)
      }
      usleep(20_000)
      waited += 0.02
    }
    // Ended by itself, with 0.
    guard status == 0 else { throw SystemError(call: call, code: EIO) }
  }
}
