import Foundation

/// One exchange of Fixtures/cases: the bytes a peer sends and what must come back.
struct ByteCase {
  let file: String
  let name: String
  let bytes: [UInt8]
  let expectation: Expectation

  static func all() throws -> [ByteCase] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/cases")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { file in
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      var members: [String: String] = [:]
      for line in text.split(separator: "\n") {
        guard let colon = line.range(of: ": ") else { throw Malformed(file: file) }
        members[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
      }
      guard let name = members["name"], let bytes = members["bytes"], let expect = members["expect"]
      else { throw Malformed(file: file) }
      return ByteCase(
        file: file, name: name, bytes: try decode(Array(bytes.utf8)[...], file),
        expectation: Expectation(expect))
    }
  }

  struct Malformed: Error {
    let file: String
  }

  /// `\r \n \t \\ \xNN`, and `(unit)<xN>` for a unit N times.
  static func decode(_ text: ArraySlice<UInt8>, _ file: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "r"): bytes.append(13)
        case UInt8(ascii: "n"): bytes.append(10)
        case UInt8(ascii: "t"): bytes.append(9)
        case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "x"):
          guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
          else { throw Malformed(file: file) }
          bytes.append(value)
          rest = rest.dropFirst(2)
        default: throw Malformed(file: file)
        }
      case UInt8(ascii: "("):
        guard let close = rest.firstIndex(of: UInt8(ascii: ")")),
          let end = rest[close...].firstIndex(of: UInt8(ascii: ">")),
          let count = Int(String(decoding: rest[(close + 3)..<end], as: UTF8.self))
        else { throw Malformed(file: file) }
        let unit = try decode(rest[..<close], file)
        for _ in 0..<count { bytes += unit }
        rest = rest[(end + 1)...]
      default:
        bytes.append(byte)
      }
    }
    return bytes
  }
}

/// What a server did with some bytes.
struct Outcome: Equatable {
  var interim = 0
  var statuses: [Int] = []
  var isClosed = false
}

/// `alternative / alternative`, each `status[+close|+open][ nK]`, `wait`, `drop` or `!5xx`.
struct Expectation {
  let text: String
  private let alternatives: [Substring]
  private let ending: Ending
  private let count: Int?

  enum Ending {
    case either, open, closed
  }

  init(_ text: String) {
    self.text = text
    let words = text.split(separator: " ")
    count = words.last.flatMap { $0.hasPrefix("n") ? Int($0.dropFirst()) : nil }
    let statuses = words.filter { $0 != "/" && !($0.hasPrefix("n") && Int($0.dropFirst()) != nil) }
    ending =
      statuses.last?.hasSuffix("+close") == true
      ? .closed : statuses.last?.hasSuffix("+open") == true ? .open : .either
    alternatives = statuses.map { $0.split(separator: "+")[0] }
  }

  var mustStayOpen: Bool { ending == .open }

  /// Whether silence is among the right answers.
  var mustWait: Bool { alternatives.contains("wait") }

  /// How many final responses to read.
  var responseCount: Int { count ?? 1 }

  func isMet(by outcome: Outcome) -> Bool {
    if let count, outcome.statuses.count != count { return false }
    guard alternatives.contains(where: { matches($0, outcome) }) else { return false }
    if outcome.statuses.isEmpty { return true }
    switch ending {
    case .either: return true
    case .open: return !outcome.isClosed
    case .closed: return outcome.isClosed
    }
  }

  private func matches(_ alternative: Substring, _ outcome: Outcome) -> Bool {
    switch alternative {
    case "wait": return outcome.statuses.isEmpty && !outcome.isClosed
    case "drop": return outcome.statuses.isEmpty && outcome.isClosed
    case "!5xx": return !outcome.statuses.contains { $0 >= 500 }
    case "100": return outcome.interim == 1
    default:
      guard let status = outcome.statuses.first else { return false }
      return alternative.hasSuffix("xx")
        ? alternative.first == String(status).first : alternative == String(status)
    }
  }
}
