package import JSON

/// The tests for the values at one place: a closed list, with the names used in script files.
package indirect enum ValueTest: Sendable {
  case present
  case absent
  /// There is exactly one value and it is this; `differs`: one or none, and not this.
  case equals(JSONValue)
  case differs(JSONValue)
  /// There is exactly one value and it is the same text whatever the case of its letters.
  case equalsIgnoringCase(JSONValue)
  /// There is at least one value and all are among these.
  case oneOf(JSONValue)
  /// One of the values is this; `excludes`: none is.
  case contains(JSONValue)
  case excludes(JSONValue)
  /// The values are these, in whatever order; `distinct`: no two of them are equal.
  case sameSet(JSONValue)
  case distinct
  /// There is one array of this length, or none and the length is 0.
  case count(JSONValue)
  /// There is one number and it is not smaller; not larger.
  case atLeast(JSONValue)
  case atMost(JSONValue)
  /// There is at least one value and all are of this kind.
  case kind(Kind)
  /// One of the values is a string with this in it.
  case text(String)
  /// There is at least one value and all are strings that begin so; end so.
  case startsWith(String)
  case endsWith(String)
  /// The text is in none of the values, nor in anything inside them.
  case nowhere(String)
  /// There is at least one value and all are strings of this form.
  case form(Form)
  /// There is one dateTime and it is not earlier; later.
  case notBefore(JSONValue)
  case after(JSONValue)
  /// The values are in this order, with equal values next to each other.
  case sorted(Order)
  /// There is one object and these are its members; all of its members are among these.
  case members([String])
  case membersWithin([String])
  /// Every element of the array satisfies the rules (an empty one does); some element does.
  case every([BodyRule])
  case some([BodyRule])

  /// The kinds of value that can be required.
  package enum Kind: String, Sendable {
    case string, integer, number, boolean, array, object
  }

  /// The forms that a text can be required to have.
  package enum Form: String, Sendable {
    /// RFC 7643 §2.3.5.
    case dateTime
    /// RFC 3986 §4.3, with a scheme.
    case absoluteURI
    /// RFC 3986 §2.3: letters, digits and - . _ ~ only.
    case unreserved
    /// A weak or strong entity tag, RFC 9110 §8.8.3.
    case entityTag
    /// At least one character.
    case nonEmpty
  }

  /// Numbers as numbers, instants as instants, texts without regard to the case of ASCII letters unless exact.
  package enum Order: String, Sendable {
    case ascending, descending, ascendingExact, descendingExact
  }
}
