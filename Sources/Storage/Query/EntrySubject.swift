import JSON
import SCIM

/// A resource of a state as filters and sort keys see it: only what they ask for is read out of its document, and only
/// what they ask for is collected of other resources.
struct EntrySubject: FilterSubject {
  let state: DirectoryState
  let slot: Slot
  let entry: Entry
  let base: String

  var type: ResourceType { state.catalog.stored[Int(entry.type)] }

  /// Computes derived attributes such as `groups`, `members` and `meta`; reads all others from the document.
  func value(of attribute: Attribute, in schema: Schema?) -> JSONValue? {
    guard schema == nil else {
      let isDerived = entry.body.manager != 0 && attribute.name == "manager"
      return isDerived
        ? whole?.derivedDocument(base)[attribute, schema] : entry.body.value(of: attribute, in: schema)
    }
    switch attribute.name {
    case "schemas": return .array(entry.body.document.schemas(of: type).map { .string($0) })
    case "id": return .string(entry.id.text)
    case "meta": return StoredResource(entry, type, state.incarnations).metaValue(base)
    case "groups" where type.hasGroups: return whole?.groupValues(base)
    case "members" where type.hasMembers: return whole?.memberValues(base)
    default: return entry.body.value(of: attribute, in: nil)
    }
  }

  /// Reads only the sub-attribute if that is cheaper.
  func value(of path: AttributePath) -> JSONValue? {
    guard let attribute = path.attribute else { return nil }
    guard let part = path.sub, path.schema == nil, !attribute.multiValued else {
      return value(of: attribute, in: path.schema)
    }
    if attribute.name == "meta" {
      return StoredResource(entry, type, state.incarnations).metaValue(base, only: part.name)
    }
    return entry.body.value(of: part, ofSingle: attribute)
  }

  private var whole: StoredResource? { state.stored(slot)?.resource }
}
