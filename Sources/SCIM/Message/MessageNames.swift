import JSON

extension JSONObject {
  /// Throws 400 invalidSyntax if a member of a message is given twice: its names ignore letter case, as those of
  /// attributes do, and of two it would be unclear which one is meant.
  func checkOnce(_ names: [String]) throws(SCIMError) {
    for name in names {
      var isGiven = false
      for member in members where CaseFolding.sameName(member.name, name) {
        guard !isGiven else { throw ValueDecoder.twice(member.name) }
        isGiven = true
      }
    }
  }
}
