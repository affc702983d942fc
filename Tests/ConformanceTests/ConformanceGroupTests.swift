import Client
import Conformance
import Foundation
import XCTest

/// The suite of `scimd conformance`, one test a group of requirements; every level must hold here, not only MUST.
final class ConformanceGroupTests: ConformanceTestCase {
  func testGroup01MediaTypes() throws { try play(1) }
  func testGroup02Authentication() throws { try play(2) }
  func testGroup03Errors() throws { try play(3) }
  func testGroup04Create() throws { try play(4) }
  func testGroup05Read() throws { try play(5) }
  func testGroup06Query() throws { try play(6) }
  func testGroup07Filter() throws { try play(7) }
  func testGroup08SortPaging() throws { try play(8) }
  func testGroup09Projection() throws { try play(9) }
  func testGroup10Put() throws { try play(10) }
  func testGroup11Patch() throws { try play(11) }
  func testGroup12Delete() throws { try play(12) }
  func testGroup13Bulk() throws { try play(13) }
  func testGroup14Me() throws { try play(14) }
  func testGroup15Versions() throws { try play(15) }
  func testGroup16Discovery() throws { try play(16) }
  func testGroup17ResourceModel() throws { try play(17) }
  func testGroup18Mutability() throws { try play(18) }
  func testGroup19User() throws { try play(19) }
  func testGroup20Group() throws { try play(20) }
  func testGroup21Extensions() throws { try play(21) }
  func testGroup22Cursor() throws { try play(22) }
  func testGroup24Privacy() throws { try play(24) }
  func testGroup25Suites() throws { try play(25) }
  func testGroup26Drafts() throws { try play(26) }

  func testEveryGroupIsPlayed() throws {
    let text = try String(contentsOfFile: "\(#filePath)", encoding: .utf8)
    for group in try ConformanceSuite.embedded().groups {
      XCTAssertTrue(text.contains("play(\(group.number))"), "no test plays group \(group.number)")
    }
  }

  private func play(_ number: Int, file: StaticString = #filePath, line: UInt = #line) throws {
    let server = try server()
    let target = ConformanceTarget(
      base: try ClientBase(server.base), key: try server.token(), otherKey: try? server.token("other"))
    let suite = try ConformanceSuite.embedded()
    let run = try ConformanceRun(
      target, suite: suite, run: "t" + unique(), isIntrusive: true, isInterrupted: { false },
      pause: { usleep(UInt32($0) * 1000) })
    let report = run.play(suite.only(["\(number)"])) { result in
      switch result.outcome {
      case .passed, .skipped: break
      case .failed(let failures):
        XCTFail("\(result.line)\n\(failures.map(\.text).joined(separator: "\n"))", file: file, line: line)
      case .blocked: XCTFail(result.line, file: file, line: line)
      }
    }
    XCTAssertEqual(report.leftovers, [], file: file, line: line)
    XCTAssertTrue(report.passed, report.text(isQuiet: true), file: file, line: line)
  }
}
