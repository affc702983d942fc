/// The exit codes of the process; the numbers above 2 are those of sysexits(3).
enum ExitCode: Int32, Sendable {
  case success = 0
  case failure = 1
  /// The command line is wrong.
  case usage = 2
  /// The state differs from a file.
  case different = 7
  /// Stored data is corrupt.
  case dataCorrupt = 65
  /// A server does not answer.
  case unavailable = 69
  case cannotCreate = 73
  case inputOutput = 74
  /// Another process has the data folder or the address; trying again later may help.
  case locked = 75
  /// A server does not accept the key, or a file may not be read.
  case noPermission = 77
  /// A variable or the configuration file is wrong.
  case configuration = 78
  /// Ended by SIGINT or SIGTERM, as a shell reports it.
  case interrupted = 130
}
