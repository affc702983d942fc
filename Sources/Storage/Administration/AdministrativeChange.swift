import JSON
import Platform
package import SCIM

/// An administrative resource as it is from now on.
package struct AdministrativeChange: Sendable {
  /// Encoded until it is asked for: followers look at the type first.
  private enum Content: Sendable {
    case decoded(Document?)
    case encoded(EncodedDocument)
  }

  package let directory: Directory
  package let type: ResourceType
  package let id: ResourceID
  private let content: Content
  /// Milliseconds since 1970; when it was created.
  package let created: Int64
  /// The number of the record that changed it; 0 for what was there before anybody followed.
  package let seq: UInt64

  /// Nil if it no longer exists. Decoded whenever it is asked for.
  package var document: Document? {
    switch content {
    case .decoded(let document): document
    case .encoded(let body): body.document
    }
  }

  package init(
    directory: Directory, type: ResourceType, id: ResourceID, document: Document?, created: Int64,
    seq: UInt64 = 0
  ) {
    self.init(directory, type, id, .decoded(document), created, seq)
  }

  /// - Parameter entry: nil if it no longer exists.
  init(_ directory: Directory, _ type: ResourceType, _ id: ResourceID, _ entry: Entry?, seq: UInt64 = 0) {
    let content = entry.map { Content.encoded($0.body) } ?? .decoded(nil)
    self.init(directory, type, id, content, entry?.created ?? 0, seq)
  }

  private init(
    _ directory: Directory, _ type: ResourceType, _ id: ResourceID, _ content: Content, _ created: Int64,
    _ seq: UInt64
  ) {
    self.directory = directory
    self.type = type
    self.id = id
    self.content = content
    self.created = created
    self.seq = seq
  }
}
