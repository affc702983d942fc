import HTTP

/// What the request parser makes of some bytes that come in pieces.
struct Reading {
  typealias Request = (head: HTTPRequestHead, body: [UInt8])

  private(set) var requests: [Request] = []
  private(set) var error: HTTPError?

  /// Small, so that inputs of a few hundred bytes reach every limit.
  static let limits: HTTPLimits = {
    var limits = HTTPLimits()
    limits.maxRequestLineBytes = 120
    limits.maxFieldLineBytes = 90
    limits.maxFields = 8
    limits.maxHeadBytes = 300
    limits.maxBodyBytes = 200
    limits.maxChunkLineBytes = 24
    limits.maxChunkOverheadBytes = 40
    limits.maxTrailerBytes = 40
    return limits
  }()

  /// - Parameter cuts: offsets where a piece ends, in order.
  init(_ bytes: [UInt8], cuts: [Int]) {
    var parser = RequestParser()
    var head: HTTPRequestHead?
    var start = 0
    for end in cuts + [bytes.count] where end >= start {
      // A copy of its own, so that AddressSanitizer sees a read beyond the piece.
      let piece = Array(bytes[start..<end])
      start = end
      piece.withUnsafeBytes { input in
        var offset = 0
        while error == nil {
          switch parser.parse(input, from: &offset, limits: Self.limits) {
          case .needsMore:
            precondition(offset == input.count, "a parser that needs more has consumed its input")
            return
          case .head(let found): head = found
          case .body(let body):
            guard let whole = head else { preconditionFailure("a body comes after a head") }
            requests.append((whole, body))
            head = nil
          case .failed(let failure): error = failure
          }
        }
      }
    }
  }

  func isSame(as other: Reading) -> Bool {
    error == other.error && requests.count == other.requests.count
      && zip(requests, other.requests).allSatisfy(Self.isSame)
  }

  static func isSame(_ one: Request, _ other: Request) -> Bool {
    one.head.method == other.head.method && one.head.target == other.head.target
      && one.head.path == other.head.path && one.head.query == other.head.query
      && one.head.authority == other.head.authority && one.body == other.body
      && one.head.fields.count == other.head.fields.count
      && zip(one.head.fields, other.head.fields).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}
