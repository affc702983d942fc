/// How much of its quotas a directory uses.
package struct DirectoryUsage: Sendable {
  package let resources: Int
  package let bytes: Int
  /// Bytes of the largest resource.
  package let largest: Int
  /// Deleted resources that are kept.
  package let deleted: Int
  package let quotas: DirectoryQuotas

  package init(resources: Int, bytes: Int, largest: Int, deleted: Int, quotas: DirectoryQuotas) {
    self.resources = resources
    self.bytes = bytes
    self.largest = largest
    self.deleted = deleted
    self.quotas = quotas
  }
}
