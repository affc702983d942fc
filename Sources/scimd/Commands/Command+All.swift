extension Command {
  /// Every command, in the order of the overview.
  static let all: [Command] = [
    .serve, .keyCreate, .keyList, .keyRevoke, .userList, .userRestore, .userErase, .groupList, .groupRestore,
    .groupErase, .history, .export, .import, .health, .storeInfo, .storeDump, .storeDiff, .storeVerify,
    .storeRepair, .storeBackup, .storeRestore, .simulate, .conformance, .version, .help,
  ]

  /// The options by which a command finds the data folder, and with it a running server.
  static let dataOptions: [Option] =
    [ConfigurationLoader.fileOption]
    + Configuration.settings.filter { $0.name == "data" }.map(\.commandOption)

  static let jsonOption = Option(name: "json", help: "Print JSON.")
}
