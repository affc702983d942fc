import CAssets
import HTTP
import Platform

/// A file of the pages, embedded in the binary.
struct ConsoleAsset: Sendable {
  let name: String
  let bytes: [UInt8]

  /// All files in the binary.
  static let embedded: [ConsoleAsset] = (0..<Int(cassets_console_count)).compactMap { index in
    guard let entry = cassets_console(Int32(index))?.pointee else { return nil }
    let bytes = UnsafeRawBufferPointer(start: entry.bytes, count: entry.length)
    return ConsoleAsset(name: String(cString: entry.name), bytes: Array(bytes))
  }

  var mediaType: String {
    if name.hasSuffix(".js") { return "text/javascript; charset=utf-8" }
    if name.hasSuffix(".css") { return "text/css; charset=utf-8" }
    if name.hasSuffix(".svg") { return "image/svg+xml" }
    return "text/html; charset=utf-8"
  }
}
