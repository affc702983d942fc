extension Command {
  /// Every command, in the order of the overview.
  static let all: [Command] =
    [
      .serve
    ] + directories + [RemovalCommands.directory] + connections + [RemovalCommands.connection]
    + LinkCommands.all
    + [
      .keyCreate, .keyList, .keyShow, .keyUpdate, .keyRotate, .keyComplete, .keyCancel, .keyRevoke,
      .keyInspect,
    ]
    + ResourceCommands.user.all + ResourceCommands.group.all + MemberCommands.all
    + ResourceCommands.resource.all + RoleCommands.all + GrantCommands.all + AccessExportCommand.all
    + DraftCommands.all + ReviewCommands.all + RequestCommands.all + EventCommands.all + WebhookCommands.all
    + StreamCommands.all
    + [
      .explain, LeaverCommands.command,
      .jobList, .jobShow, .jobCancel,
      .export, .import,
    ] + SecretCommands.all + ConsoleCommands.all + [
      .settingsShow, .connect, .doctor, .auditList, .auditVerify, .schemaCheck, .schemaSuggest, .health,
      .storeInit,
      .storeInfo,
      .storeDump, .storeDiff,
      .storeVerify, .storeRepair, .storeBackup, .storeRestore, .simulate, .conformance, .completion, .man,
      .version, .help,
    ]

  /// The options by which a command finds the data folder, and with it a running server.
  static let dataOptions: [Option] = [ConfigurationLoader.fileOption] + settingOptions(["data"])

  /// The same for a command that reads the resources and so needs their schemas.
  static let storeOptions: [Option] =
    [ConfigurationLoader.fileOption] + settingOptions(["data", "schemas"])

  /// The options of these settings; a name that is not a setting is ignored.
  static func settingOptions(_ names: Set<String>) -> [Option] {
    Configuration.settings.filter { names.contains($0.name) }.map(\.commandOption)
  }

  static let jsonOption = Option(name: "json", help: "Print JSON.")
}
