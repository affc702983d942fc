import CPlatform
import Glibc

/// What the process uses of the machine, as the kernel counts it.
package struct ProcessUsage: Sendable {
  /// Processor time in user and system mode, in seconds.
  package let cpuSeconds: Double
  package let residentBytes: Int
  package let openDescriptors: Int
  /// The soft limit.
  package let maxDescriptors: Int

  /// Nil if /proc cannot be read.
  package static var current: ProcessUsage? {
    guard let memory = try? FileSystem.readFile("/proc/self/statm"),
      let descriptors = try? FileSystem.list("/proc/self/fd")
    else { return nil }
    // proc(5): total and resident size in pages, and more.
    let pages = memory.split(separator: UInt8(ascii: " ")).dropFirst().first.flatMap {
      Int(String(decoding: $0, as: UTF8.self))
    }
    var usage = rusage()
    var limit = rlimit()
    guard let pages, getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0,
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    else { return nil }
    return ProcessUsage(
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      residentBytes: pages * Int(getpagesize()),
      openDescriptors: descriptors.count, maxDescriptors: Int(clamping: limit.rlim_cur))
  }

  /// Whether a crash may write the memory of the process to a file.
  package static var mayDumpCore: Bool {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && limit.rlim_cur > 0
  }

  /// Lets nobody write or read the memory of the process: no core dump, no other process of the same user.
  package static func forbidDumps() { _ = cplatform_forbid_dumps() }

  /// Whether a time service keeps the machine's clock right (adjtimex(2)); nil if the kernel does not say.
  package static var clockIsSynchronised: Bool? {
    switch cplatform_clock_state() {
    case 0: true
    case 1: false
    default: nil
    }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }
}
