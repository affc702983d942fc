import JSON
package import SCIM

/// A resource in a list, with what people look for; also a deleted one.
package struct ResourceOverview: Sendable, Equatable {
  package var id: String
  /// The name of its resource type.
  package var type: String
  /// The userName, or else the displayName; nil if it has neither.
  package var name: String?
  package var displayName: String?
  /// The primary e-mail address, or else the first one.
  package var email: String?
  package var externalId: String?
  package var active: Bool?
  package var created: DateTime
  package var modified: DateTime
  /// The entity tag; nil for a deleted resource.
  package var version: String?
  /// Groups that have it as a direct member.
  package var groups: Int
  /// Nil if the type has no members.
  package var members: Int?
  /// Nil for a resource that is not deleted.
  package var deleted: DateTime?
  /// Until when a deleted resource can be restored; nil if that is not limited.
  package var keptUntil: DateTime?
  /// Who manages it; nil if that is not known, or was not asked for.
  package var managedBy: ResourceManager?

  package init(id: String, type: String, created: DateTime, modified: DateTime, groups: Int) {
    self.id = id
    self.type = type
    self.created = created
    self.modified = modified
    self.groups = groups
  }
}

extension ResourceOverview {
  package init(_ resource: StoredResource) {
    self.init(
      id: resource.id.text, type: resource.type.name, created: DateTime(milliseconds: resource.created),
      modified: DateTime(milliseconds: resource.modified),
      groups: resource.groups.count(where: \.isDirect))
    version = resource.version
    members = resource.type.hasMembers ? resource.memberCount : nil
    read(resource.body.document)
  }

  init(_ entry: Entry, _ type: ResourceType, _ incarnations: Incarnations) {
    self.init(StoredResource(entry, type, incarnations))
    groups = entry.groups.count
  }

  /// `keptUntil` is nil if deleted resources are kept indefinitely.
  init(_ tombstone: Tombstone, _ type: ResourceType, retention: Int64) {
    self.init(
      id: tombstone.id.text, type: type.name, created: DateTime(milliseconds: tombstone.created),
      modified: DateTime(milliseconds: tombstone.modified), groups: tombstone.groups.count)
    members = type.hasMembers ? tombstone.members.count : nil
    deleted = DateTime(milliseconds: tombstone.deleted)
    let (until, overflow) = tombstone.deleted.addingReportingOverflow(retention)
    if !overflow { keptUntil = DateTime(milliseconds: until) }
    read(tombstone.body.document)
  }

  /// The names by which people recognise the resource; the primary e-mail address, otherwise the first.
  private mutating func read(_ document: Document) {
    let attributes = document.attributes
    displayName = attributes["displayName"]?.stringValue
    name = attributes["userName"]?.stringValue ?? displayName
    externalId = attributes["externalId"]?.stringValue
    active = attributes["active"]?.boolValue
    let emails = attributes["emails"]?.arrayValue ?? []
    let primary = emails.first { $0["primary"]?.boolValue == true } ?? emails.first
    email = primary?["value"]?.stringValue
  }
}
