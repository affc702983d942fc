extension AdminRoute {
  /// Every endpoint there is.
  package static let all: [AdminRoute] =
    DirectoriesNoun.routes + ConnectionsNoun.routes + RemovalNoun.routes + JobsNoun.routes
    + IgnoredAttributesNoun.routes + KeysNoun.routes + ResourceNoun.all.flatMap(\.routes) + MembersNoun.routes
    + TransferNoun.routes
    + StoreNoun.routes + SettingsNoun.routes + DocsNoun.routes

  static let root = "/admin/v1"
  static let directory = "/admin/v1/directories/{directory}"
}
