import Glibc

/// A failed system call: which one, and its `errno`.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  package let call: String
  package let code: CInt

  package init(call: String, code: CInt) {
    self.call = call
    self.code = code
  }

  /// The error of the call that failed just now on this thread.
  package static func current(_ call: String) -> SystemError {
    SystemError(call: call, code: errno)
  }

  /// "open: Permission denied (EACCES)".
  package var description: String {
    var buffer = [CChar](repeating: 0, count: 256)
    _ = strerror_r(code, &buffer, buffer.count)
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let text = bytes.isEmpty ? "error" : String(decoding: bytes, as: UTF8.self)
    return "\(call): \(text) (\(Self.name(of: code)))"
  }

  /// The symbol of the C headers, "EACCES".
  private static func name(of code: CInt) -> String {
    names[code] ?? "errno \(code)"
  }

  private static let names: [CInt: String] = [
    EPERM: "EPERM", ENOENT: "ENOENT", EINTR: "EINTR", EIO: "EIO", EBADF: "EBADF", EAGAIN: "EAGAIN",
    ENOMEM: "ENOMEM", EACCES: "EACCES", EBUSY: "EBUSY", EEXIST: "EEXIST", ENOTDIR: "ENOTDIR",
    EISDIR: "EISDIR", EINVAL: "EINVAL", ENFILE: "ENFILE", EMFILE: "EMFILE", EFBIG: "EFBIG",
    ENOSPC: "ENOSPC", EROFS: "EROFS", EPIPE: "EPIPE", ENAMETOOLONG: "ENAMETOOLONG", ENOSYS: "ENOSYS",
    ENOTEMPTY: "ENOTEMPTY", ELOOP: "ELOOP", EPROTO: "EPROTO", EOPNOTSUPP: "EOPNOTSUPP",
    EAFNOSUPPORT: "EAFNOSUPPORT", EADDRINUSE: "EADDRINUSE", EADDRNOTAVAIL: "EADDRNOTAVAIL",
    ENETUNREACH: "ENETUNREACH", ECONNABORTED: "ECONNABORTED", ECONNRESET: "ECONNRESET",
    ENOBUFS: "ENOBUFS", ENOTCONN: "ENOTCONN", ETIMEDOUT: "ETIMEDOUT", ECONNREFUSED: "ECONNREFUSED",
    EHOSTUNREACH: "EHOSTUNREACH", EINPROGRESS: "EINPROGRESS", EDQUOT: "EDQUOT",
  ]
}

extension SystemError {
  /// Repeats `body` while it fails with EINTR; any other negative result is thrown.
  @discardableResult
  package static func retrying<Result: SignedInteger>(
    _ call: String, _ body: () -> Result
  ) throws(SystemError) -> Result {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw SystemError(call: call, code: code) }
    }
  }
}
