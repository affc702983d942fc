import JSON

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

  /// When each provider sends, and what it does when somebody leaves.
  package static var behaviour: String {
    table(
      ["Provider", "Sends", "When somebody is unassigned", "Limits"],
      Profile.all.map { [$0.title, $0.behaviour.sync, $0.behaviour.unassign, $0.behaviour.limits] })
  }

  /// What usually goes where, a column for each of `names`; attributes that none of them maps are left out.
  package static func mapping(_ names: [String]) -> String {
    let profiles = names.compactMap { Profile.named($0) }
    var attributes: [String] = []
    for attribute in profiles.flatMap(\.mapping).map(\.attribute)
    where !attributes.contains(where: { $0.hasSameBytes(as: attribute) }) { attributes.append(attribute) }
    return table(
      ["Here (SCIM)"] + profiles.map(\.title),
      attributes.map { attribute in
        ["`\(short(attribute))`"]
          + profiles.map { profile in
            profile.mapping.filter { $0.attribute.hasSameBytes(as: attribute) }.map { code($0.source) }
              .joined(separator: ", ")
          }
      })
  }

  /// `ENT:` in place of the URN of the enterprise extension.
  private static func short(_ attribute: String) -> String {
    let prefix = SchemaURN.enterpriseUser + ":"
    guard attribute.utf8.starts(with: prefix.utf8) else { return attribute }
    return "ENT:" + String(decoding: attribute.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }

  /// Macros as code, so that their braces and underscores stay.
  private static func code(_ source: String) -> String {
    source.utf8.contains(UInt8(ascii: "{")) ? "`\(source)`" : source
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
