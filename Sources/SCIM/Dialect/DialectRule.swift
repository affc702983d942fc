/// The non-standard forms that identity providers send, each rewritten to a plain RFC form before the core sees it. A
/// rule that fired is named in the journal record of the change it helped to make.
package enum DialectRule: String, Sendable, CaseIterable {
  /// `"op": "Add"`: Entra ID capitalises operations.
  case operationCase
  /// `"active": "False"`: Entra ID, OneLogin templates and Keycloak send booleans as text.
  case booleanText
  /// `{"name.givenName": "x", "urn:...:User:department": "y"}`: Entra ID puts paths where attribute names belong.
  case qualifiedKeys
  /// `"manager": "271"`, `"members": ["id"]`: Entra ID sends the value alone for a complex attribute.
  case scalarForComplex
  /// `"manager": ""`: Entra ID clears a reference with empty text.
  case emptyReference
  /// `"active": [{"$ref": null, "value": "False"}]`: Entra ID's 2017 connector wraps single values.
  case singularInArray
  /// `"emails": {...}`: OneLogin templates send one value without its array.
  case objectForArray
  /// `"emails": ["{\"value\": \"j@x\", \"type\": \"home\"}"]`: a Java client sends elements as the text of their JSON.
  case jsonTextElement
  /// `"roles": [{"value": "{\"id\": ..., \"value\": \"Reader\", ...}"}]`: Entra ID sends an app role as the text of its
  /// JSON.
  case jsonTextValue
  /// `"employeeNumber": 701984`: numbers in place of text, as the mappings of some providers produce them.
  case numberAsText
  /// `remove` of `members` with a `value`: Entra ID, JumpCloud and authentik mean only the values listed.
  case removeListedValues
  /// `{"op": "remove", "path": "members", "value": {"members": [...]}}`: Salesforce repeats the attribute.
  case repeatedAttribute
  /// `manager[value eq "271"]`: Entra ID filters a single value.
  case selectedSingular
  /// `replace` of `emails[type eq "work"].value` if no such value exists: Entra ID expects it to be created.
  case createSelected
  /// `emails[type eq "work"].value eq "x"` in a filter: Entra ID.
  case filterOnSelectedValue
  /// `filter=userName eq bob`: text without its quotes.
  case unquotedText
  /// Members that do not exist are ignored: one of them would block an Okta group push indefinitely.
  case skipUnknownMembers
  /// `"schemas": ["urn:scim:schemas:core:2.0"]`: OneLogin templates do not name the IETF's URN.
  case foreignBaseSchema
  /// A POST or PUT without `schemas`: authentik.
  case missingSchemas

  /// Rules that contradict no SHALL of the RFC: on for every key.
  static let harmless: Set<DialectRule> = [
    .operationCase, .booleanText, .qualifiedKeys, .scalarForComplex, .emptyReference, .singularInArray,
    .objectForArray, .jsonTextElement, .removeListedValues, .repeatedAttribute, .selectedSingular,
    .filterOnSelectedValue,
  ]

  /// True for a choice about what happens, false for a form that is rewritten.
  var isPolicy: Bool { self == .createSelected || self == .skipUnknownMembers }

  /// The boolean value of a text, in any letter case.
  static func boolean(in text: String) -> Bool? {
    if CaseFolding.sameName(text, "true") { return true }
    return CaseFolding.sameName(text, "false") ? false : nil
  }
}
