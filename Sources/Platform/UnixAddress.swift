import Glibc

extension sockaddr_un {
  /// The address of a unix socket by its path, or by an abstract name, which begins with 0; nil if that is too long.
  init?(_ name: some Collection<UInt8>) {
    self.init()
    sun_family = sa_family_t(AF_UNIX)
    guard name.count < MemoryLayout.size(ofValue: sun_path) else { return nil }
    withUnsafeMutableBytes(of: &sun_path) { $0.copyBytes(from: name) }
  }
}
