import CPlatform
import Glibc

/// How many processors the process may use: those of its affinity mask, within the CPU quota of its control groups.
package enum Processors {
  /// At least 1; part of a processor counts as one.
  package static func usable() -> Int {
    usable(online: affinity(), groups: text("/proc/self/cgroup") ?? "", read: text)
  }

  /// The processors in the affinity mask of this thread.
  static func affinity() -> Int {
    let count = Int(cplatform_affinity())
    return count > 0 ? count : sysconf(CInt(_SC_NPROCESSORS_ONLN))
  }

  /// - Parameters:
  ///   - groups: the lines of /proc/self/cgroup.
  ///   - read: the content of a file, nil if it does not exist.
  static func usable(online: Int, groups: String, read: (String) -> String?) -> Int {
    var quota = Int.max
    for line in groups.split(separator: "\n") {
      // "0::/path" in version 2, "4:cpu,cpuacct:/path" in version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("cpu") else { continue }
      for folder in folders(isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu", parts[2]) {
        quota = min(quota, (isUnified ? unified(folder, read) : separate(folder, read)) ?? .max)
      }
    }
    return max(1, min(online, quota))
  }

  /// The group and the groups above it, each of which may have a quota; within a container the path may be that of the
  /// machine, of which only the root exists there.
  private static func folders(_ root: String, _ path: Substring) -> [String] {
    let names = path.split(separator: "/")
    guard !names.contains("..") else { return [root] }
    return (0...names.count).map { count in
      ([Substring(root)] + names.prefix(count)).joined(separator: "/")
    }
  }

  /// cpu.max of version 2: `max 100000`, or `QUOTA PERIOD` in microseconds.
  private static func unified(_ folder: String, _ read: (String) -> String?) -> Int? {
    guard let words = read(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace), words.count == 2
    else { return nil }
    return processors(words[0], words[1])
  }

  /// The two files of version 1; a quota of -1 means no limit.
  private static func separate(_ folder: String, _ read: (String) -> String?) -> Int? {
    guard let quota = read(folder + "/cpu.cfs_quota_us")?.split(whereSeparator: \.isWhitespace).first,
      let period = read(folder + "/cpu.cfs_period_us")?.split(whereSeparator: \.isWhitespace).first
    else { return nil }
    return processors(quota, period)
  }

  /// The quota in whole processors, rounded up; nil for -1 or `max`, which mean no limit.
  private static func processors(_ quota: Substring, _ period: Substring) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
    return quota / period + (quota % period == 0 ? 0 : 1)
  }

  private static func text(_ path: String) -> String? {
    guard let bytes = try? FileSystem.readFile(path) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
