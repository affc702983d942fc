import HTTP
import SCIM
import Storage
import Transfer

/// Resources as files: lines of JSON, or tables.
enum TransferNoun {
  static var routes: [AdminRoute] { [export, ImportNoun.route] }

  static let format = AdminParameter(
    "format", .choice(ImportOptions.Format.allCases.map(\.rawValue)),
    "`ndjson`, one JSON object per line, or `csv`.", isRequired: true)

  static let type = AdminParameter(
    "type", .text(maxBytes: 256), "Only this resource type. Defaults to User for CSV, otherwise to all types."
  )

  /// The requested type; nil for all types.
  static func type(_ call: AdminCall) throws(AdminProblem) -> ResourceType? {
    guard let name = call.query["type"] else { return nil }
    let catalog = call.world.store.catalog
    guard let type = catalog.type(called: name) else {
      throw AdminProblem(.unknownType, "\(catalog.unknownType(name)).", at: "?type")
    }
    return type
  }

  /// The answer is produced while it is sent, from a capture of the directory.
  private static var export: AdminRoute {
    AdminRoute(
      .get, AdminRoute.directory + "/export", "directory", "export", .read,
      "Export the resources as JSON lines or CSV", answers: .lines("application/x-ndjson")
    ) { call throws(AdminProblem) in
      let type = try type(call)
      let catalog = call.directory.catalog
      let source = call.directory.exportSource().whenDurable()
      guard call.query["format"] == "csv" else {
        let pieces = ExportPieces(source, lines: type.map { [$0] } ?? catalog.types)
        return AdminAnswer(.stream(ExportProducer(pieces: pieces)), "application/x-ndjson")
      }
      guard let type = type ?? catalog.types.first else {
        throw AdminProblem(.unknownType, "This server has no resource types.")
      }
      let pieces = ExportPieces(source, table: type)
      return AdminAnswer(.stream(ExportProducer(pieces: pieces)), "text/csv; charset=utf-8")
    }.with {
      $0.parameters = [format, self.type]
      $0.isLong = true
    }
  }
}

/// Sends an export piece by piece.
private struct ExportProducer: HTTPBodyProducer {
  let pieces: ExportPieces

  func nextPiece() -> [UInt8]? { pieces.next() }
}
