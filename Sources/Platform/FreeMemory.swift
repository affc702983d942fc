import CPlatform

/// Memory that the process has freed but not returned.
package enum FreeMemory {
  /// Gives it back to the system. Takes some milliseconds, during which other threads may wait for memory.
  package static func giveBack() { cplatform_trim_memory() }
}
