import Credentials
import Insight
import Platform
import SCIM
import Storage

/// What the server needs of its machine.
extension DoctorCheck {
  static let machine: [DoctorCheck] = [
    DoctorCheck("clock", "Whether the machine's clock is synchronised, and not behind what was recorded.") {
      clock($0)
    },
    DoctorCheck("diskSpace", "Whether the disk has space for more records.") { patient in
      space(patient, patient.world.store.folder.path)
    },
    DoctorCheck("syncLatency", "How long a write takes to reach the disk.") { latency($0) },
    DoctorCheck(
      "descriptors", "Whether the limit of file descriptors allows the connections of the settings."
    ) {
      descriptors($0)
    },
    DoctorCheck("memory", "Whether the machine has memory left.") { memory($0) },
    DoctorCheck("accessLog", "Whether the access log keeps up.") { patient in
      guard let metrics = patient.metrics else { return .skipped("No server runs.") }
      let dropped = metrics.accessLogDrops
      return dropped == 0
        ? .ok(patient.setting("accessLog").map { "Written to \($0)." } ?? "Off.")
        : .warning(
          "\(dropped) lines were dropped because the log's reader was too slow.",
          fix: "Write the access log to a file on a faster disk.")
    },
  ]

  private static func clock(_ patient: DoctorPatient) -> DoctorFinding {
    let last = patient.keys.flatMap { [$0.created.milliseconds, patient.lastUse(of: $0) ?? 0] }.max() ?? 0
    if last > patient.now + 60_000 {
      return .failed(
        "The clock is \((last - patient.now) / 1000) s behind the last use of a key.",
        fix: "Set the machine's clock: expiry of keys and grants follows it.")
    }
    guard let isSynchronised = ProcessUsage.clockIsSynchronised else {
      return .skipped("The kernel does not say whether the clock is synchronised.")
    }
    return isSynchronised
      ? .ok("The clock is synchronised.")
      : .warning(
        "The kernel says that the clock is not synchronised.",
        fix: "Run a time service, such as systemd-timesyncd or chrony.")
  }

  private static func space(_ patient: DoctorPatient, _ folder: String) -> DoctorFinding {
    guard let space = try? FileSystem.space(folder) else { return .skipped("The disk cannot be asked.") }
    let free = "\(space.freeBytes >> 20) MiB (\(space.freeBytes / max(1, space.totalBytes / 100)) %)"
    if space.freeBytes < 256 << 20 || space.freeFiles < 1000 {
      return .failed(
        "\(free) and \(space.freeFiles) files are free on the disk of \(folder).",
        fix: "Free space now: without it every change is refused with 507.")
    }
    if space.freeBytes < 2 << 30 || space.freeBytes < space.totalBytes / 20 {
      return .warning("\(free) are free on the disk of \(folder).", fix: "Free space, or enlarge the disk.")
    }
    return .ok("\(free) are free.")
  }

  private static func latency(_ patient: DoctorPatient) -> DoctorFinding {
    let durations = patient.world.store.meters.log.counts.durations
    guard durations.count > 0 else { return .skipped("Nothing was written since the start.") }
    let milliseconds = Double(durations.sum) / Double(durations.count) / 1_000_000
    let text = "\(Int(milliseconds.rounded(.up))) ms on average, over \(durations.count) writes"
    return milliseconds < 100
      ? .ok("A write reaches the disk within \(text).")
      : .warning(
        "A write takes \(text), to reach the disk.",
        fix: "Move the data folder to a faster or less busy disk.")
  }

  private static func descriptors(_ patient: DoctorPatient) -> DoctorFinding {
    guard let usage = patient.usage, let wanted = patient.setting("maxConnections").flatMap({ Int($0) })
    else {
      return .skipped("The limit is not known.")
    }
    let (open, limit) = (usage.openDescriptors, usage.maxDescriptors)
    if open > limit / 10 * 8 {
      return .failed("\(open) of \(limit) file descriptors are open.", fix: "Raise LimitNOFILE, and restart.")
    }
    return limit >= wanted + 64
      ? .ok("\(open) of \(limit) are open.")
      : .warning(
        "maxConnections is \(wanted), and the limit of file descriptors is \(limit).",
        fix: "Raise the limit to \(wanted + 64) (`ulimit -n`, LimitNOFILE), or lower maxConnections.")
  }

  private static func memory(_ patient: DoctorPatient) -> DoctorFinding {
    guard let usage = patient.usage, let memory = MachineMemory.current else {
      return .skipped("The memory of the machine is not known.")
    }
    let own = "\(usage.residentBytes >> 20) MiB"
    let (left, all) = (memory.available >> 20, memory.total >> 20)
    return memory.available >= memory.total / 10
      ? .ok("scimd uses \(own); \(left) of \(all) MiB are available.")
      : .warning(
        "\(left) of \(all) MiB are available; scimd uses \(own).",
        fix: "Give the machine or the container more memory: all users and groups are kept in it.")
  }
}
