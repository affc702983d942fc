import Foundation
import Glibc
import JSON
import Platform
@testable import Storage
import XCTest

/// A folder of its own for each test, and short ways to write and read a log in it.
class LogTestCase: XCTestCase {
  var folder = ""

  override func setUpWithError() throws {
    let base = FileSystem.isDirectory("/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
    folder = base + "scimd-log-\(UUID().uuidString)"
    try FileSystem.createDirectory(folder)
  }

  override func tearDown() {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Another empty folder in place of the one before.
  func startOver() throws {
    tearDown()
    try setUpWithError()
  }

  /// What a log gave back.
  struct Recovered: Equatable {
    var snapshot: [String] = []
    var records: [String] = []
    var tail = LogTail()
  }

  func recover(_ mode: LogRecovery.Mode = .readOnly, in other: String? = nil) throws -> Recovered {
    var recovered = Recovered()
    var log = try LogRecovery(folder: other ?? folder, directory: "default")
    while let item = try log.next() {
      switch item {
      case .state(let entry): recovered.snapshot.append(String(decoding: entry.bytes, as: UTF8.self))
      case .record(let entry): recovered.records.append(String(decoding: entry.payload, as: UTF8.self))
      }
    }
    recovered.tail = try log.end(mode)
    return recovered
  }

  func openJournal(_ io: LogIO = .system, failures: Failures = Failures()) throws -> Journal {
    let tail = try recover(.write).tail
    return try Journal.open(
      folder: folder, directory: "default", tail: tail, incarnation: .test, io: io,
      onFailure: { failures.add($0) })
  }

  func payload(_ number: Int) -> [UInt8] { Array("{\"n\":\(number)}".utf8) }
  func text(_ number: Int) -> String { "{\"n\":\(number)}" }

  /// Appends records and waits for each, so that each is a batch of its own.
  func appendOneByOne(_ journal: Journal, _ numbers: ClosedRange<Int>) throws {
    for number in numbers {
      let done = DispatchSemaphore(value: 0)
      journal.whenDurable(try journal.append(payload(number))) { done.signal() }
      done.wait()
    }
  }

  func rotate(_ journal: Journal) throws -> LogPoint {
    let result = Locked<Result<LogPoint, JournalError>>(.failure(.closed))
    let done = DispatchSemaphore(value: 0)
    journal.rotate { outcome in
      result.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    return try result.withLock { $0 }.get()
  }

  func writeSnapshot(_ point: LogPoint, _ lines: [String], io: LogIO = .system) throws {
    let writer = try SnapshotWriter(
      folder: folder, directory: "default", point: point, incarnations: .test,
      time: "2026-11-21T03:36:03.000Z", io: io)
    for line in lines { try writer.write(Array(line.utf8)) }
    _ = try writer.finish()
  }

  func segment(_ first: Int) -> String { String(format: "%@/journal-%016d.jsonl", folder, first) }
  func snapshot(_ seq: Int) -> String { String(format: "%@/snapshot-%016d.jsonl", folder, seq) }

  /// Puts bytes into a file without any care.
  func put(_ path: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}

/// The same numbers in every run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64 = 20_261_121

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}

/// The errors with which a journal stopped.
final class Failures: Sendable {
  private let errors = Locked<[SystemError]>([])
  func add(_ error: SystemError) { errors.withLock { $0.append(error) } }
  var all: [SystemError] { errors.withLock { $0 } }
}

/// Counts the calls of the log and makes some of them fail.
final class FaultyDisk: Sendable {
  enum Call: String, CaseIterable {
    case create, write, dataSync, sync, truncate, reserve, rename, unlink, syncDirectory
  }

  enum Fault {
    /// The call fails with this code, later calls succeed.
    case error(CInt)
    /// The write takes half of the bytes and says so.
    case short
    /// The write takes half of the bytes and fails.
    case torn(CInt)
    /// The process is dead: this call and all later ones do nothing and fail.
    case dead
    /// As `dead`, but half of the bytes of the write are in the file.
    case deadTorn
  }

  private struct State {
    var counts: [Call: Int] = [:]
    var total = 0
    var isDead = false
    var order: [Call] = []
  }

  private let state = Locked(State())
  private let plan: Locked<(Call, Int) -> Fault?>
  private let totalPlan: Locked<(Int) -> Fault?>

  /// `plan` is asked with each call and which one of its kind it is, from 1.
  init(_ plan: sending @escaping (Call, Int) -> Fault? = { _, _ in nil }) {
    self.plan = Locked(plan)
    totalPlan = Locked { _ in nil }
  }

  /// `plan` is asked with the number of each call of whatever kind, from 1.
  init(atCall plan: sending @escaping (Int) -> Fault?) {
    self.plan = Locked { _, _ in nil }
    totalPlan = Locked(plan)
  }

  func count(_ call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }
  var total: Int { state.withLock { $0.total } }
  var order: [Call] { state.withLock { $0.order } }

  private func next(_ call: Call) throws(SystemError) -> Fault? {
    let (number, total, wasDead) = state.withLock { state in
      state.counts[call, default: 0] += 1
      state.total += 1
      state.order.append(call)
      return (state.counts[call] ?? 0, state.total, state.isDead)
    }
    if wasDead { throw SystemError(call: call.rawValue, code: EIO) }
    let fault = plan.withLock { $0(call, number) } ?? totalPlan.withLock { $0(total) }
    switch fault {
    case .error(let code): throw SystemError(call: call.rawValue, code: code)
    case .dead:
      state.withLock { $0.isDead = true }
      throw SystemError(call: call.rawValue, code: EIO)
    case .deadTorn where call != .write:
      state.withLock { $0.isDead = true }
      throw SystemError(call: call.rawValue, code: EIO)
    default: return fault
    }
  }

  private func write(_ file: File, _ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int {
    let half = UnsafeRawBufferPointer(rebasing: bytes.prefix((bytes.count + 1) / 2))
    switch try next(.write) {
    case .short: return try file.write(half)
    case .torn(let code):
      try file.writeAll(half)
      throw SystemError(call: "write", code: code)
    case .deadTorn:
      try file.writeAll(half)
      state.withLock { $0.isDead = true }
      throw SystemError(call: "write", code: EIO)
    default: return try file.write(bytes)
    }
  }

  var io: LogIO {
    var io = LogIO.system
    let system = LogIO.system
    io.create = { [self] (path) throws(SystemError) in
      _ = try next(.create)
      return try system.create(path)
    }
    io.write = { [self] (file, bytes) throws(SystemError) in try write(file, bytes) }
    io.dataSync = { [self] (file) throws(SystemError) in
      _ = try next(.dataSync)
      try system.dataSync(file)
    }
    io.sync = { [self] (file) throws(SystemError) in
      _ = try next(.sync)
      try system.sync(file)
    }
    io.truncate = { [self] (file, size) throws(SystemError) in
      _ = try next(.truncate)
      try system.truncate(file, size)
    }
    io.reserve = { [self] (file, offset, length) throws(SystemError) in
      _ = try next(.reserve)
      try system.reserve(file, offset, length)
    }
    io.rename = { [self] (old, new) throws(SystemError) in
      _ = try next(.rename)
      try system.rename(old, new)
    }
    io.unlink = { [self] (path) throws(SystemError) in
      _ = try next(.unlink)
      try system.unlink(path)
    }
    io.syncDirectory = { [self] (path) throws(SystemError) in
      _ = try next(.syncDirectory)
      try system.syncDirectory(path)
    }
    return io
  }
}

extension LogRecovery {
  /// To the end, for what it throws.
  consuming func readAll() throws {
    var log = self
    while try log.next() != nil {}
  }
}
