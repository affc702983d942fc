import CPlatform

/// Looks for bytes in bytes.
package enum ByteSearch {
  package static func contains(_ haystack: UnsafeRawBufferPointer, _ needle: [UInt8]) -> Bool {
    guard let base = haystack.baseAddress else { return needle.isEmpty }
    return needle.withUnsafeBytes { needle in
      needle.baseAddress.map { cplatform_find(base, haystack.count, $0, needle.count) != nil } ?? true
    }
  }
}
