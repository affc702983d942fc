extension ConformanceReport {
  /// JUnit XML: a test suite for each group; advice that was not followed is no failure but output.
  package var junit: String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
    for group in groups {
      let tally = Tally(group.results)
      let failed = group.results.count { $0.failsTheRun && !$0.isBlocked }
      text +=
        "  <testsuite name=\"\(Self.escaped(group.title))\" tests=\"\(group.results.count)\" "
        + "failures=\"\(failed)\" errors=\"\(tally.blocked)\" skipped=\"\(tally.skipped)\">\n"
      for result in group.results { text += Self.testCase(result) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  /// A blocked case is an error; an unmet recommendation is only printed.
  private static func testCase(_ result: CaseResult) -> String {
    let name = escaped("\(result.ids.joined(separator: " ")) \(result.level.rawValue): \(result.title)")
    let head = "    <testcase classname=\"scim.\(result.group)\" name=\"\(name)\""
    switch result.outcome {
    case .passed: return head + "/>\n"
    case .skipped(let reason): return head + "><skipped message=\"\(escaped(reason))\"/></testcase>\n"
    case .blocked(let reason): return head + "><error message=\"\(escaped(reason))\"/></testcase>\n"
    case .failed(let failures):
      let text = escaped(failures.map(\.text).joined(separator: "\n"))
      let message = escaped(failures.first?.reasons.first ?? "")
      return result.failsTheRun
        ? head + "><failure message=\"\(message)\">\(text)</failure></testcase>\n"
        : head + "><system-out>advice: \(text)</system-out></testcase>\n"
    }
  }

  /// Characters that XML 1.0 does not have become "?".
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
