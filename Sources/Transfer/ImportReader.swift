import JSON
import SCIM
import Storage

/// Makes lines of the bytes of an import.
struct ImportReader {
  private let options: ImportOptions
  private let catalog: Catalog
  /// The harmless rewrites are on, and a path with a filter creates what it describes.
  private let dialect = Dialect(adding: [.createSelected], refusesUnknownAttributes: true)
  private(set) var lines: [ImportLine] = []
  private(set) var errors: [ImportError] = []
  /// Lines that hold a resource, readable or not; empty lines and the first row do not count.
  private(set) var count = 0

  /// Reads everything at once; what cannot be read is in `errors`.
  init(_ bytes: [UInt8], _ options: ImportOptions, _ catalog: Catalog) {
    self.options = options
    self.catalog = catalog
    guard bytes.count <= ImportOptions.maxBytes else {
      errors = [
        ImportError(line: 1, "an import may have at most \(ImportOptions.maxBytes) bytes; split the file")
      ]
      return
    }
    switch options.format {
    case .ndjson: readJSON(bytes)
    case .csv:
      do throws(ImportError) { try readTable(bytes) } catch { errors.append(error) }
    }
  }

  /// Counts a line and keeps it, or the error that it has.
  private mutating func take(_ number: Int, _ line: Result<ImportLine, SCIMError>) {
    count += 1
    switch line {
    case .success(let line): lines.append(line)
    case .failure(let error): errors.append(ImportError(line: number, error.detail))
    }
  }

  /// Throws `invalidValue` with the names of the types that exist.
  private func type(named name: String) throws(SCIMError) -> ResourceType {
    guard let type = catalog.type(named: name) else {
      let names = catalog.types.map(\.name).joined(separator: ", ")
      throw SCIMError(
        .invalidValue,
        "The resource type \"\(name.prefix(64))\" does not exist; the types are \(names).")
    }
    return type
  }

  /// Nil if the line has no id; throws `invalidValue` if it is not of the form of this server's ids.
  private func id(_ text: String?) throws(SCIMError) -> ResourceID? {
    guard let text, !text.isEmpty else { return nil }
    guard let id = ResourceID(text) else {
      throw SCIMError(
        .invalidValue,
        "\"\(text.prefix(64))\" is not an id of this server, which is a UUID in lower case. Omit \"id\".")
    }
    return id
  }

  // MARK: JSON

  /// Lines of white space are skipped; a byte order mark is too.
  private mutating func readJSON(_ bytes: [UInt8]) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for (index, line) in bytes[start...].split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated()
    where !line.allSatisfy({ $0 <= UInt8(ascii: " ") }) {
      take(index + 1, Result { () throws(SCIMError) in try jsonLine(index + 1, line) })
    }
  }

  /// One JSON line. A line of a type with members that mentions none empties the group.
  private func jsonLine(_ number: Int, _ bytes: ArraySlice<UInt8>) throws(SCIMError) -> ImportLine {
    let json: JSONValue
    do throws(JSONError) { json = try JSONParser.parse(bytes) } catch {
      throw SCIMError(.invalidJSON, "The line is not valid JSON: \(error)")
    }
    guard var object = json.objectValue else {
      throw SCIMError(.notAnObject, "The line is not a JSON object.")
    }
    let type = try type(of: object)
    if object["schemas"] == nil { object["schemas"] = [.string(type.schema.id)] }
    var dialect = dialect
    let request = try ResourceDecoder.decode(.object(object), as: type, dialect: &dialect)
    return ImportLine(
      line: number, type: type, id: try id(object["id"]?.stringValue), content: .whole(request.document),
      members: type.hasMembers ? request.members ?? [] : nil)
  }

  /// The type by `meta.resourceType`, the type of the import, or the first schema that is known.
  private func type(of object: JSONObject) throws(SCIMError) -> ResourceType {
    let stated = object["meta"]?["resourceType"]?.stringValue
    if let stated, let wanted = options.type, !stated.hasSameBytes(as: wanted) {
      throw SCIMError(.invalidValue, "The line is a \(stated.prefix(64)), but only \(wanted) is imported.")
    }
    if let name = stated ?? options.type { return try type(named: name) }
    let urns = (object["schemas"]?.arrayValue ?? []).compactMap(\.stringValue)
    let type = catalog.types.first { type in urns.contains { CaseFolding.sameName($0, type.schema.id) } }
    guard let type else {
      throw SCIMError(
        .invalidSyntax,
        "The line does not state its type: it needs \"schemas\" or \"meta.resourceType\".")
    }
    return type
  }

  // MARK: Tables

  /// Throws for an error after which no row can be read; errors of single rows are kept.
  private mutating func readTable(_ bytes: [UInt8]) throws(ImportError) {
    var reader = CSVReader(bytes)
    guard let head = try reader.next() else { return }
    let columns: ImportColumns
    let type: ResourceType
    do throws(SCIMError) {
      type = try self.type(named: options.type ?? "User")
      columns = try ImportColumns(head, type, dialect)
    } catch {
      throw ImportError(line: head.line, error.detail)
    }
    while let row = try reader.next() {
      take(row.line, Result { () throws(SCIMError) in try tableLine(row, columns, type) })
    }
  }

  /// One row, whose attributes change and whose other attributes stay.
  private func tableLine(
    _ row: CSVReader.Row, _ columns: ImportColumns, _ type: ResourceType
  ) throws(SCIMError) -> ImportLine {
    let texts = try columns.texts(row)
    return ImportLine(
      line: row.line, type: type, id: try id(columns.id.map { texts[$0] }),
      content: .partial(try columns.patch(texts, dialect)), members: columns.members(texts))
  }
}
