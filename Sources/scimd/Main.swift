import Glibc
import Platform

@main
struct Main {
  static func main() {
    hardenProcess()
    let code = CommandRunner(console: .process()).run(Array(CommandLine.arguments.dropFirst()))
    exit(code.rawValue)
  }

  /// New files are only for the owner, no core dump and no other process of the user can show keys, as many files may be open as the system grants, and
  /// a write to a closed pipe returns an error instead of a signal.
  private static func hardenProcess() {
    umask(0o077)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    ProcessUsage.forbidDumps()
    var files = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 {
      files.rlim_cur = files.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    }
    signal(SIGPIPE, SIG_IGN)
  }
}
