import COpenSSL
import Platform

/// OpenSSL 3, opened at run time: its functions in a typed table that is filled and checked once.
///
/// `@unchecked Sendable`: the table never changes, and OpenSSL's functions may be called from any thread.
package final class OpenSSL: @unchecked Sendable {
  /// The functions; `openSSL.call.SSL_new(context)`.
  let call: copenssl_functions

  private init(_ functions: copenssl_functions) { call = functions }

  private static let shared: Result<OpenSSL, TLSError> = open()

  /// The library of this process, opened by the first call.
  package static func load() throws(TLSError) -> OpenSSL { try shared.get() }

  /// Opens the libraries of these names and looks every function up.
  package static func open(
    ssl: String = "libssl.so.3", crypto: String = "libcrypto.so.3"
  ) -> Result<OpenSSL, TLSError> {
    do {
      let libraries = (crypto: try Library.open(crypto).get(), ssl: try Library.open(ssl).get())
      return functions { symbol in
        (symbol.is_ssl == 1 ? libraries.ssl : libraries.crypto).address(of: symbol.name)
      }
    } catch {
      return .failure(.libraryMissing(reason: error.reason))
    }
  }

  /// The table with every function that `find` has; the error names the first missing one.
  static func functions(
    _ find: (copenssl_symbol) -> UnsafeMutableRawPointer?
  ) -> Result<OpenSSL, TLSError> {
    var count = 0
    let symbols = UnsafeBufferPointer(start: copenssl_symbols(&count), count: count)
    let size = MemoryLayout<copenssl_functions>.size
    let table = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: MemoryLayout<copenssl_functions>.alignment)
    defer { table.deallocate() }
    for symbol in symbols {
      guard let address = find(symbol) else {
        let version = symbols.first.flatMap(find).map { Self.version($0) } ?? "of an unknown version"
        return .failure(.functionMissing(name: String(cString: symbol.name), version: version))
      }
      table.storeBytes(of: address, toByteOffset: symbol.offset, as: UnsafeMutableRawPointer.self)
    }
    return .success(OpenSSL(table.load(as: copenssl_functions.self)))
  }

  /// What `OpenSSL_version`, the table's first function, says.
  private static func version(_ address: UnsafeMutableRawPointer) -> String {
    let version = unsafeBitCast(
      address, to: (@convention(c) (CInt) -> UnsafePointer<CChar>?).self)
    return version(0).map { String(cString: $0) } ?? ""
  }

  /// A C string that lives as long as the process, for parameters, which keep pointers to their texts.
  static func text(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// "OpenSSL 3.0.19 27 Jan 2026".
  package var version: String { call.OpenSSL_version(0).map { String(cString: $0) } ?? "" }

  /// The first reason in this thread's queue of errors, which is emptied.
  func reason() -> String {
    let error = call.ERR_get_error()
    defer { call.ERR_clear_error() }
    guard error != 0 else { return "unknown error" }
    if let reason = call.ERR_reason_error_string(error) { return String(cString: reason) }
    var text = [CChar](repeating: 0, count: 256)
    call.ERR_error_string_n(error, &text, text.count)
    return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
