/// The tables about providers, as shown in the documentation; generated from the providers' files.
package enum ProfileTables {
  /// The fields for the base URL and the key, per provider.
  package static var setUp: String {
    table(
      ["Provider", "Base URL goes into", "Key goes into", "Unique identifier", "Profile", "Features"],
      Profile.all.map {
        [$0.title, $0.setUp.base, $0.setUp.key, $0.setUp.identifier, "`\($0.name)`", $0.setUp.features]
      })
  }

  /// The changes of each profile; profiles with the same changes share a line.
  package static var changes: String {
    var rows: [(names: [String], changes: String)] = []
    for profile in Profile.all {
      if let index = rows.firstIndex(where: { $0.changes == profile.changes }) {
        rows[index].names.append("`\(profile.name)`")
      } else {
        rows.append((["`\(profile.name)`"], profile.changes))
      }
    }
    return table(
      ["Profile", "Also accepted"], rows.map { [$0.names.joined(separator: ", "), $0.changes] })
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
