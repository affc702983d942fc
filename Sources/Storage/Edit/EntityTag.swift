package import SCIM

/// Conditional requests by entity tag (RFC 7644 §3.14, RFC 9110 §13). Tags are weak and compared without their `W/`, as
/// SCIM's own examples send weak tags in If-Match.
///
/// A tag has two parts: the resource's own revision and, if it shows values of other resources (the groups of a user,
/// the manager's name), a digest of that: `W/"4gT0aZk9.7-8f03..."`. Reads compare both parts, so that a user who has
/// lost a group does not appear unchanged. Writes compare only the first, so that a client which replaces a user is not
/// refused because the user has joined a group since.
package enum EntityTag {
  /// Stands between the parts, and in neither.
  static let separator = UInt8(ascii: "-")

  /// True if the field lists the version, or is `*`.
  package static func matches(_ field: ArraySlice<UInt8>, _ version: String) -> Bool {
    matches(field, version) { $0 }
  }

  /// The same for the first part.
  private static func matchesOwn(_ field: ArraySlice<UInt8>, _ version: String) -> Bool {
    matches(field, version) { $0.prefix { $0 != separator } }
  }

  /// Whether one tag of the field, or `*`, is that of the version; `part` chooses what is compared.
  private static func matches(
    _ field: ArraySlice<UInt8>, _ version: String, _ part: (ArraySlice<UInt8>) -> ArraySlice<UInt8>
  ) -> Bool {
    let wanted = part(opaque(Array(version.utf8)[...]))
    return field.split(separator: UInt8(ascii: ",")).contains { item in
      let tag = trimmed(item)
      return tag.elementsEqual("*".utf8) || part(opaque(tag)).elementsEqual(wanted)
    }
  }

  /// Throws 412 if `ifMatch` is given and does not match: another client has changed the resource.
  package static func check(_ ifMatch: ArraySlice<UInt8>?, _ version: String) throws(SCIMError) {
    guard let ifMatch, !matchesOwn(ifMatch, version) else { return }
    throw SCIMError(
      .changedMeanwhile,
      "The resource has changed: its version is now \(version). Read it again.")
  }

  /// Throws 412 if `ifNoneMatch` lists the version, or is `*`: the client wants nothing to be changed then (RFC 9110
  /// §13.1.2).
  package static func checkNone(_ ifNoneMatch: ArraySlice<UInt8>?, _ version: String) throws(SCIMError) {
    guard let ifNoneMatch, matchesOwn(ifNoneMatch, version) else { return }
    throw SCIMError(
      .ifNoneMatch,
      "If-None-Match matches the resource: its version is \(version).")
  }

  /// The tag without `W/` and quotes.
  private static func opaque(_ tag: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var tag = tag
    if tag.starts(with: "W/".utf8) { tag = tag.dropFirst(2) }
    if tag.count >= 2, tag.first == UInt8(ascii: "\""), tag.last == UInt8(ascii: "\"") {
      tag = tag.dropFirst().dropLast()
    }
    return tag
  }

  /// Without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
  private static func trimmed(_ item: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var item = item.drop(while: isSpace)
    while let last = item.last, isSpace(last) { item = item.dropLast() }
    return item
  }
}
