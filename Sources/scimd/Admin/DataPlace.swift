import Admin
import Glibc
import Platform
import Storage

/// The data folder that a command works on, and which setting named it.
struct DataPlace: Sendable {
  let folder: String
  private let origin: SettingOrigin
  private let overruled: [SettingOrigin.Value]

  init(_ configuration: Configuration) {
    folder = configuration.data
    origin = configuration.origin(of: "data")
    overruled = configuration.overruledData
  }

  /// `the data folder ./scimd-data (the default)`.
  var description: String { "the data folder \(folder) (\(origin.text))" }

  /// Refuses a folder that does not exist, that is not one of scimd, or that this user may not read.
  func check() throws(CommandError) {
    try Self.checkAccess(folder)
    guard FileSystem.isDirectory(folder) else {
      throw CommandError(
        .failure, "\(description) does not exist",
        advice: KnownFolders(overruled).advice(insteadOf: folder)
          ?? "Set another folder with --data DIR or SCIMD_DATA; `scimd serve --data DIR` or `scimd store init --data "
          + "DIR` creates one.")
    }
    do throws(DataFolderError) { _ = try DataFolder.open(folder, .readOnly) } catch {
      throw CommandError(error, folder: folder)
    }
  }

  /// Throws if permissions keep this user from listing or entering the folder; a missing folder passes.
  static func checkAccess(_ folder: String) throws(CommandError) {
    guard access(folder, R_OK | X_OK) != 0, errno == EACCES else { return }
    // A path that is not a folder is refused with that reason.
    guard FileSystem.isDirectory(folder) || !FileSystem.exists(folder) else { return }
    throw denied(folder, owner: UserName.owner(of: folder))
  }

  /// The error for a file that permissions protect: the same text and code in every command.
  ///
  /// - Parameters:
  ///   - owner: of the file, or of the folder `at` whose permissions are missing.
  static func denied(
    _ path: String, owner: UInt32?, user: UInt32 = UserName.current, at folder: String? = nil,
    isWriting: Bool = false
  ) -> CommandError {
    let name = owner.map { UserName.name(of: $0) ?? "user \($0)" }
    let owned = name.map { " (\(folder.map { "\($0) is " } ?? "")owned by \($0))" } ?? ""
    let another = name.map { "Run it as that user: sudo -u \($0) scimd ..." }
    return CommandError(
      .noPermission, "may not \(isWriting ? "write" : "read") \(path)\(owned)",
      advice: owner == user
        ? "Give its owner permission again: chmod u+rwX \(folder ?? path)"
        : another ?? "Run it as the user that owns the file.")
  }

  /// Whether a failure is that this user may not read the file.
  static func isDenied(_ path: String, _ error: SystemError) -> Bool {
    error.code == EACCES && access(path, R_OK) != 0 && errno == EACCES
  }
}
