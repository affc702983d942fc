import Admin
import Glibc
import Platform
import Storage

/// The data folder that a command works on, and which setting named it.
struct DataPlace: Sendable {
  let folder: String
  private let origin: SettingOrigin

  init(_ configuration: Configuration) {
    folder = configuration.data
    origin = configuration.origin(of: "data")
  }

  /// `the data folder ./scimd-data (the default)`.
  var description: String { "the data folder \(folder) (\(origin.text))" }

  /// Refuses a folder that does not exist, that is not one of scimd, or that this user may not read.
  func check() throws(CommandError) {
    try Self.checkAccess(folder)
    guard FileSystem.isDirectory(folder) else {
      throw CommandError(
        .failure, "\(description) does not exist",
        advice: "Name another folder with --data DIR or SCIMD_DATA; `scimd serve --data DIR` or "
          + "`scimd store init --data DIR` makes one.")
    }
    do throws(DataFolderError) { _ = try DataFolder.open(folder, .readOnly) } catch {
      throw CommandError(error, folder: folder)
    }
  }

  static func checkAccess(_ folder: String) throws(CommandError) {
    guard access(folder, R_OK | X_OK) != 0, errno == EACCES else { return }
    // What is not a folder is refused as such.
    guard FileSystem.isDirectory(folder) || !FileSystem.exists(folder) else { return }
    throw denied(folder, owner: UserName.owner(of: folder))
  }

  /// The same text and code for every command.
  static func denied(
    _ path: String, owner: UInt32?, user: UInt32 = UserName.current
  ) -> CommandError {
    let name = owner.map { UserName.name(of: $0) ?? "user \($0)" }
    let isOwn = owner == user
    let another = name.map { "Run it as that user: sudo -u \($0) scimd ..." }
    return CommandError(
      .noPermission, "may not read \(path)" + (name.map { " (owned by \($0))" } ?? ""),
      advice: isOwn
        ? "Give its owner permission again: chmod u+rwX \(path)"
        : another
          ?? "Run it as the user that the data folder belongs to.")
  }

  /// Whether a failure is that this user may not read the file.
  static func isDenied(_ path: String, _ error: SystemError) -> Bool {
    error.code == EACCES && access(path, R_OK) != 0 && errno == EACCES
  }
}
