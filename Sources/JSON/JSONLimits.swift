/// The limits of a JSON text; they bound memory and time of one parse.
package struct JSONLimits: Sendable {
  /// Objects and arrays inside each other, 64: SCIM needs 6, and the parser recurses once a level.
  package var maxDepth: Int

  /// Length of the text in bytes, 64 MiB.
  package var maxBytes: Int

  /// Members of one object, 65,536.
  package var maxMembers: Int

  /// Elements of one array, 1,000,000: a group of that many members.
  package var maxElements: Int

  /// Members and elements of the whole text, 4,000,000: a value takes about 40 bytes, its text perhaps 2.
  package var maxValues: Int

  /// Limits other than the default ones; a depth of at most 512.
  package init(
    maxDepth: Int = 64, maxBytes: Int = 64 << 20, maxMembers: Int = 65_536, maxElements: Int = 1_000_000,
    maxValues: Int = 4_000_000
  ) {
    precondition(maxDepth <= 512, "a deeper text would not fit a thread's stack")
    self.maxDepth = maxDepth
    self.maxBytes = maxBytes
    self.maxMembers = maxMembers
    self.maxElements = maxElements
    self.maxValues = maxValues
  }

  /// The limits named above.
  package static let `default` = JSONLimits()
}
