import JSON
import Platform
import SCIM

/// The resource given by --set or --file.
struct ResourceBody {
  /// Bytes of a file that describes one resource.
  private static let maxBytes = 8 << 20

  private let operations: [JSONValue]
  private let file: JSONObject?

  /// Throws unless exactly one of --set and --file is given.
  init(_ invocation: Invocation) throws(CommandError) {
    var operations: [JSONValue] = []
    for pair in invocation.all("set") { operations.append(try Self.operation(pair)) }
    self.operations = operations
    file = try invocation["file"].map { path throws(CommandError) in try Self.read(path) }
    guard operations.isEmpty != (file == nil) else {
      throw CommandError(
        .usage, file == nil ? "nothing to set" : "--set and --file exclude each other",
        advice: "Give --set PATH=VALUE, or --file FILE.")
    }
  }

  /// For a new resource: from the file, or built by operations.
  var creation: JSONValue { file.map { .object($0) } ?? patch }

  /// For an existing one: operations, or attributes to replace.
  var change: JSONValue {
    guard let file else { return patch }
    guard file["Operations"] == nil else { return .object(file) }
    var attributes = file
    for name in ["schemas", "id", "meta", "managedBy"] { attributes[name] = nil }
    return [
      "schemas": [.string(SchemaURN.patchOp)],
      "Operations": [["op": "replace", "value": .object(attributes)]],
    ]
  }

  private var patch: JSONValue {
    ["schemas": [.string(SchemaURN.patchOp)], "Operations": .array(operations)]
  }

  /// The first `=` outside brackets and quotes ends the path.
  private static func operation(_ pair: String) throws(CommandError) -> JSONValue {
    var isInside = false
    for (index, byte) in pair.utf8.enumerated() {
      if byte == UInt8(ascii: "[") { isInside = true }
      if byte == UInt8(ascii: "]") { isInside = false }
      guard byte == UInt8(ascii: "="), !isInside, index > 0 else { continue }
      let path = String(decoding: pair.utf8.prefix(index), as: UTF8.self)
      let value = String(decoding: pair.utf8.dropFirst(index + 1), as: UTF8.self)
      if value.isEmpty { return ["op": "remove", "path": .string(path)] }
      return ["op": "replace", "path": .string(path), "value": Self.value(value)]
    }
    throw CommandError(.usage, "--set: \"\(pair)\" is not PATH=VALUE")
  }

  /// Objects and arrays are JSON; anything else is text.
  private static func value(_ text: String) -> JSONValue {
    guard text.hasPrefix("{") || text.hasPrefix("["), let json = try? JSONParser.parse(Array(text.utf8))
    else {
      return .string(text)
    }
    return json
  }

  /// The JSON object of a file; `-` is standard input.
  private static func read(_ path: String) throws(CommandError) -> JSONObject {
    let bytes = try InputFile.read(path, maxBytes: maxBytes)
    do throws(JSONError) {
      if let object = try JSONParser.parse(bytes).objectValue { return object }
    } catch {
      throw CommandError(.usage, "--file: \(path) is not valid JSON: \(error)")
    }
    throw CommandError(.usage, "--file: \(path) is not a JSON object")
  }
}
