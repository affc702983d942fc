import Glibc

/// A shared library that is opened at run time and never closed.
///
/// `@unchecked Sendable`: the handle is only passed to dlsym(3), which any thread may call.
package final class Library: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer

  private init(_ handle: UnsafeMutableRawPointer) { self.handle = handle }

  /// Opens a library by its name, "libssl.so.3", as the dynamic linker finds it, or returns the linker's own reason.
  package static func open(_ name: String) -> Result<Library, Missing> {
    if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) { return .success(Library(handle)) }
    return .failure(Missing(reason: dlerror().map { String(cString: $0) } ?? "\(name) cannot be opened"))
  }

  /// The address of a function; nil if the library has none of that name.
  package func address(of function: UnsafePointer<CChar>) -> UnsafeMutableRawPointer? {
    dlsym(handle, function)
  }

  /// The linker's reason, which names the library.
  package struct Missing: Error {
    package let reason: String
  }
}
