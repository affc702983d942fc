import Storage
import Transfer

/// The schemas that routes refer to by name.
enum AdminSchemas {
  static let named: [(name: String, schema: AdminSchema)] = [
    ("Problem", problem), ("Resource", resource), ("PatchOp", patch),
    ("ResourceOverview", ResourceOverview.schema), ("DeletionReport", DeletionReport.schema),
    ("ErasureReport", ErasureReport.schema), ("MembershipChange", MembershipChange.schema),
    ("MembershipReport", MembershipReport.schema), ("HistoryItem", HistoryItem.schema),
    ("Manager", ResourceManager.schema), ("Directory", DirectoryReport.schema),
    ("DirectoryCreation", DirectoryChange.creationSchema),
    ("DirectoryChange", DirectoryChange.changeSchema), ("Connection", ConnectionReport.schema),
    ("ConnectionCreation", ConnectionCreation.schema), ("ConnectionChange", ConnectionChange.schema),
    ("IgnoredAttribute", IgnoredAttribute.schema), ("RemovalReport", RemovalReport.schema),
    ("TakeOver", TakeOverReport.requestSchema), ("TakeOverReport", TakeOverReport.schema),
    ("Job", JobReport.schema), ("Request", RequestReport.schema),
    ("Explanation", RequestReport.explanationSchema),
    ("Key", KeyReport.schema), ("KeyCreation", KeyCreation.schema), ("KeyChange", KeyChange.schema),
    ("ImportAnswer", ImportAnswer.schema),
    ("KeyRotation", KeyRotation.schema), ("KeyFinding", KeyFindingReport.schema),
    ("StoreInfo", StoreInfo.schema), ("MasterKey", MasterKeyReport.schema), ("Setting", SettingReport.schema),
    ("ConnectionStep", ConnectionStep.schema), ("Check", CheckReport.schema), ("AuditItem", AuditItem.schema),
    ("AuditReport", AuditReport.schema),
    ("ErrorCode", CatalogueEntry.schema), ("Role", RolesNoun.schema), ("RoleBody", RolesNoun.bodySchema),
    ("Target", TargetsNoun.schema), ("TargetBody", TargetsNoun.bodySchema), ("Grant", GrantsNoun.schema),
    ("GrantCreation", GrantsNoun.creationSchema), ("GrantChange", GrantsNoun.changeSchema),
    ("AccessRemoval", AccessReport.removalSchema), ("EffectiveAccess", AccessReport.schema),
    ("AccessExplanation", AccessReport.explanationSchema), ("AccessHolder", AccessReport.holderSchema),
    ("AccessCheck", ApplicationNoun.checkSchema), ("AccessAnswers", ApplicationNoun.answersSchema),
    ("SignIn", SignInNoun.bodySchema), ("SignInReport", SignInNoun.schema),
    ("AccessFinding", FindingsNoun.schema), ("Review", ReviewsNoun.schema),
    ("ReviewItem", ReviewItem.schema), ("ReviewCreation", ReviewsNoun.creationSchema),
    ("ReviewDecisions", ReviewsNoun.decisionsSchema),
    ("AccessReview", ReviewReport.schema), ("Draft", DraftsNoun.schema),
    ("RightsFile", RightsFileNoun.fileSchema),
    ("RightsReport", RightsFileNoun.schema), ("Session", SessionReport.schema),
    ("ConsoleLink", ConsoleLinkReport.schema), ("Provider", GuidesNoun.providerSchema),
    ("SetupLink", SetupLinkReport.schema),
    ("Event", EventsNoun.schema),
    ("Webhook", WebhookReport.schema), ("WebhookBody", WebhookChange.schema),
    ("WebhookAttempt", WebhookReport.attemptSchema), ("Leaver", LeaversNoun.schema),
    ("Stream", StreamReport.schema), ("StreamBody", StreamChange.schema),
    ("StreamPoll", StreamPollRequest.schema),
    ("EventType", EventDocsNoun.schema),
    ("Consumer", ConsumersNoun.schema), ("ConsumerPosition", ConsumersNoun.bodySchema),
  ]

  private static let problem = AdminSchema.object([
    .init("type", .text), .init("title", .text), .init("status", .integer), .init("detail", .text),
    .init("code", .text), .init("pointer", .text, optional: true), .init("fix", .text),
    .init("request", .text, optional: true), .init("oldest", .text, optional: true),
    .init(
      "candidates", .list(.object([.init("id", .text), .init("name", .text, optional: true)])),
      optional: true),
  ])

  /// A resource in SCIM's own form (RFC 7643 §3), with its manager.
  private static let resource = AdminSchema.open([
    .init("schemas", .list(.text), optional: true), .init("id", .text, optional: true),
    .init("externalId", .text, optional: true), .init("meta", .open([]), optional: true),
    .init("managedBy", .named("Manager"), optional: true),
  ])

  /// PATCH operations (RFC 7644 §3.5.2); `schemas` may be omitted.
  private static let patch = AdminSchema.object([
    .init("schemas", .list(.text), optional: true),
    .init(
      "Operations",
      .list(
        .object([
          .init("op", .text), .init("path", .text, optional: true), .init("value", .any, optional: true),
        ]))
    ),
  ])
}
