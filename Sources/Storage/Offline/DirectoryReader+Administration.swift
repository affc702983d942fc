package import SCIM

extension DirectoryReader {
  /// The documents of every resource of an administrative type, such as `Key`, in order of creation.
  package func administrativeDocuments(_ type: String) -> [Document] {
    guard let type = state.catalog.type(named: type), type.isAdministrative else {
      preconditionFailure("\(type) is an administrative type")
    }
    return capture.entries(of: type).map(\.body.document)
  }
}
