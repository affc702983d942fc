import Glibc
import Platform
import Storage

extension DataFolder {
  /// The folder; for writing, it is created if missing and locked for this process.
  static func opened(_ path: String, _ access: Access = .write) throws(CommandError) -> DataFolder {
    try DataPlace.checkAccess(path)
    if access == .write { try checkOwner(of: path) }
    do throws(DataFolderError) {
      return try DataFolder.open(path, access)
    } catch {
      throw CommandError(error, folder: path)
    }
  }

  /// Files created by root could not be read by the folder's owner, the server.
  private static func checkOwner(of path: String) throws(CommandError) {
    var status = stat()
    guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return }
    throw CommandError(
      .cannotCreate, "\(path) belongs to user \(status.st_uid), and this is root",
      advice: "Run it as that user: sudo -u '#\(status.st_uid)' scimd ...")
  }
}
