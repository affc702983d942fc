import Conformance
import Platform

/// Shows the progress of a run: a line per case if requested, otherwise one line that is overwritten on a terminal.
struct ConformanceProgress {
  let console: Console
  let total: Int
  let isVerbose: Bool
  private let done = Locked(0)

  init(console: Console, total: Int, isVerbose: Bool) {
    self.console = console
    self.total = total
    self.isVerbose = isVerbose
  }

  /// Counts one result and shows it.
  func tell(_ result: CaseResult) {
    let number = done.withLock { done in
      done += 1
      return done
    }
    if isVerbose {
      console.print(result.line)
    } else if console.isTerminal(.error) {
      console.write(.error, "\r\u{1B}[K\(number)/\(total) \(result.line.prefix(70))")
    }
  }

  /// Clears the line.
  func end() {
    if !isVerbose, console.isTerminal(.error) { console.write(.error, "\r\u{1B}[K") }
  }
}
