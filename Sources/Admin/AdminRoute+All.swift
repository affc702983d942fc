extension AdminRoute {
  /// Every endpoint there is.
  package static let all: [AdminRoute] =
    ResourceNoun.all.flatMap(\.routes) + MembersNoun.routes + KeysNoun.routes + TransferNoun.routes
    + RemovalNoun.routes + JobsNoun.routes
    + StoreNoun.routes + SettingsNoun.routes + DocsNoun.routes

  static let root = "/admin/v1"
  static let directory = "/admin/v1/directories/{directory}"
}
