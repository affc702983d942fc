import SCIM
import Storage

/// The resource types that rights are made of.
struct AccessTypes {
  let role: ResourceType
  let target: ResourceType
  let grant: ResourceType
  let connection: ResourceType
  let user: ResourceType
  let group: ResourceType

  init(_ directory: Directory) {
    role = directory.administrativeType("Role")
    target = directory.administrativeType("Target")
    grant = directory.administrativeType("Grant")
    connection = directory.administrativeType("Connection")
    guard let user = directory.catalog.types.first(where: \.hasGroups),
      let group = directory.catalog.types.first(where: \.hasMembers)
    else { preconditionFailure("every catalog has users and groups") }
    (self.user, self.group) = (user, group)
  }
}
