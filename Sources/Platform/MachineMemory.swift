/// The memory that the process may use: of the machine, or of its control group if that has less.
package struct MachineMemory: Sendable {
  package let total: Int
  package let available: Int

  /// Nil where /proc cannot be read.
  package static var current: MachineMemory? {
    guard let text = try? FileSystem.readFile("/proc/meminfo"), let total = value("MemTotal", in: text),
      let available = value("MemAvailable", in: text)
    else { return nil }
    guard let limit = number("/sys/fs/cgroup/memory.max"), limit < total,
      let used = number("/sys/fs/cgroup/memory.current")
    else { return MachineMemory(total: total, available: available) }
    return MachineMemory(total: limit, available: min(available, limit - used))
  }

  /// A line such as `MemTotal:  16384 kB` of proc(5), in bytes.
  private static func value(_ name: String, in text: [UInt8]) -> Int? {
    let lines = text.split(separator: UInt8(ascii: "\n"))
    guard let line = lines.first(where: { $0.starts(with: "\(name):".utf8) }) else { return nil }
    let words = line.split(separator: UInt8(ascii: " "))
    return words.dropFirst().first.flatMap { Int(String(decoding: $0, as: UTF8.self)) }.map { $0 << 10 }
  }

  private static func number(_ path: String) -> Int? {
    guard let text = try? FileSystem.readFile(path) else { return nil }
    return Int(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}
