extension AdminRoute {
  /// Every endpoint for administrators, and those that describe the API.
  package static let all: [AdminRoute] =
    DirectoriesNoun.routes + ConnectionsNoun.routes + RemovalNoun.routes + TakeOverNoun.routes
    + JobsNoun.routes
    + IgnoredAttributesNoun.routes + KeysNoun.routes + ResourceNoun.all.flatMap(\.routes) + MembersNoun.routes
    + TransferNoun.routes + StoreNoun.routes + SecretNoun.routes + MetricsNoun.routes + SettingsNoun.routes
    + DoctorNoun.routes + AuditNoun.routes + DocsNoun.routes
    + RolesNoun.routes + TargetsNoun.routes + GrantsNoun.routes + AccessNoun.routes
    + DraftsNoun.routes + RightsFileNoun.routes + AccessExportNoun.routes + FindingsNoun.routes
    + ReviewsNoun.routes + RequestsNoun.routes + SessionsNoun.routes + LinksNoun.routes + GuidesNoun.routes
    + EventsNoun.routes + WebhooksNoun.routes + LeaversNoun.routes + ConsumersNoun.routes
    + EventDocsNoun.routes + StreamsNoun.routes + KeySetNoun.routes

  /// Every endpoint for applications: `/api/v1`.
  package static let applications: [AdminRoute] =
    ApplicationNoun.routes + SignInNoun.routes
    + EventsNoun.ofApplications + ConsumersNoun.ofApplications + StreamsNoun.ofApplications

  /// All endpoints.
  package static let served = all + applications

  static let application = "/api/v1"
  static let root = "/admin/v1"
  static let directory = "/admin/v1/directories/{directory}"
}
