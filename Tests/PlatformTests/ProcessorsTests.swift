import Foundation
import XCTest

@testable import Platform

final class ProcessorsTests: XCTestCase {
  func testAffinityAndQuotaBoundTheProcessorsByTheCasesOfTheFixture() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/processors.txt"
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst() {
      let parts = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      XCTAssertEqual(parts.count, 4, String(line))
      var files: [String: String] = [:]
      for file in parts[2].split(separator: ";") {
        let pair = file.split(separator: "=", maxSplits: 1)
        files["/sys/fs/cgroup/" + pair[0]] = pair[1] + "\n"
      }
      let groups = parts[1].replacingOccurrences(of: ";", with: "\n") + "\n"
      let count = Processors.usable(online: Int(parts[0]) ?? -1, groups: groups) { files[$0] }
      XCTAssertEqual(count, Int(parts[3]), String(line))
    }
  }

  func testThisProcessMayUseAtLeastOneAndAtMostThoseOnline() {
    XCTAssertTrue((1...sysconf(CInt(_SC_NPROCESSORS_ONLN))).contains(Processors.usable()))
  }

  func testTheAffinityIsTheMaskThatTheKernelShows() throws {
    let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
    let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") })
    let mask = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
    XCTAssertEqual(Processors.affinity(), mask.reduce(0) { $0 + $1.nonzeroBitCount })
  }
}
