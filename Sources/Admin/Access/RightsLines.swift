import Access
import HTTP
import JSON
import Platform
import SCIM
import Transfer

/// The rights of users at one moment, a line each, made on demand. Users come by their names, so that the same moment
/// always gives the same bytes.
final class RightsLines: HTTPBodyProducer {
  enum Format: String, CaseIterable, Sendable {
    case ndjson, csv
  }

  /// The values of a line, one per column; nil leaves the right out.
  typealias Cells = @Sendable (EffectiveAccess, EffectiveAccess.Holding) -> [String?]?
  /// Changes a line of NDJSON that has more to say than the table.
  typealias Detail = @Sendable (inout JSONObject, EffectiveAccess.Holding) -> Void

  /// Users in a piece.
  private static let batch = 50

  private let access: PastAccess
  private let format: Format
  private let columns: [String]
  private let detail: Detail
  private let cells: Cells
  private let place = Locked<Int?>(nil)

  /// - Parameter columns: the columns of the table, and the members of a line.
  init(
    _ access: PastAccess, _ format: Format, _ columns: [String], detail: @escaping Detail = { _, _ in },
    cells: @escaping Cells
  ) {
    self.access = access
    self.format = format
    self.columns = columns
    self.detail = detail
    self.cells = cells
  }

  func nextPiece() -> [UInt8]? {
    place.withLock { place in
      var bytes: [UInt8] = []
      if place == nil, format == .csv { bytes = Self.row(columns) }
      var next = place ?? 0
      while bytes.isEmpty, next < access.users.count {
        let end = min(next + Self.batch, access.users.count)
        for user in access.access(of: access.users[next..<end]) {
          for holding in user.holdings {
            if let cells = cells(user, holding) { bytes += line(cells, holding) }
          }
        }
        next = end
      }
      place = next
      return bytes.isEmpty ? nil : bytes
    }
  }

  private func line(_ cells: [String?], _ holding: EffectiveAccess.Holding) -> [UInt8] {
    guard format == .ndjson else { return Self.row(cells.map { $0 ?? "" }) }
    var object = JSONObject()
    for (name, text) in zip(columns, cells) {
      if let text { object[name] = .string(text) }
    }
    detail(&object, holding)
    return JSONValue.object(object).serialized() + [UInt8(ascii: "\n")]
  }

  /// RFC 4180, with cells that no spreadsheet calculates.
  private static func row(_ cells: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      CSVCell.append(cell, to: &bytes)
    }
    return bytes + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }
}
