import Admin

/// The findings of the doctor for people.
enum DoctorText {
  static func of(_ checks: [CheckReport], showsAll: Bool) -> String {
    var text = ""
    for check in checks where showsAll || check.state == .failed || check.state == .warning {
      text += "\(mark(check.state)) \(check.name): \(check.detail)\n"
      if let fix = check.fix { text += "           -> \(fix)\n" }
    }
    func count(_ state: CheckReport.State) -> Int { checks.count { $0.state == state } }
    let summary =
      "\(checks.count) checks: \(count(.failed)) failed, \(count(.warning)) warnings, \(count(.skipped)) skipped, "
      + "\(count(.ok)) in order\n"
    return text.isEmpty ? summary : text + "\n" + summary
  }

  private static func mark(_ state: CheckReport.State) -> String {
    switch state {
    case .ok: "   ok     "
    case .warning: "   warning"
    case .failed: "   FAILED "
    case .skipped: "   skipped"
    }
  }
}
