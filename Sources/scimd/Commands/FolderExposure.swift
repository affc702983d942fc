import Platform

/// Which other users the permissions of a data folder let in.
struct FolderExposure: Sendable {
  /// A file or folder that others can access.
  struct Place: Sendable {
    let path: String
    let mode: UInt32
    /// The path to close: the data folder, or the file of the master key outside it.
    let target: String

    var text: String {
      let digits = String(mode & 0o777, radix: 8)
      return "\(path) (mode \(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
    }
  }

  /// The first path that others can change, and the first that they can read.
  private(set) var writable: Place?
  private(set) var readable: Place?

  private static let (write, read): (UInt32, UInt32) = (0o022, 0o044)

  /// - Parameter secretKey: the file of the master key if that is not in the folder.
  init(_ folder: String, secretKey: String?) {
    if let secretKey { look(at: secretKey, isFolder: false, in: secretKey) }
    look(at: folder, isFolder: true, in: folder)
    // Nobody can access the contents of a closed folder.
    guard let mode = FileSystem.mode(of: folder), mode & 0o077 != 0 else { return }
    for file in ["format", "secret.key", "cursor.key"] {
      look(at: "\(folder)/\(file)", isFolder: false, in: folder)
    }
    let parent = "\(folder)/directories"
    look(at: parent, isFolder: true, in: folder)
    for name in (try? FileSystem.list(parent)) ?? [] {
      let directory = "\(parent)/\(name)"
      look(at: directory, isFolder: true, in: folder)
      for file in (try? FileSystem.list(directory)) ?? [] {
        look(at: "\(directory)/\(file)", isFolder: false, in: folder)
      }
    }
  }

  private mutating func look(at path: String, isFolder: Bool, in target: String) {
    guard let mode = FileSystem.mode(of: path) else { return }
    let place = Place(path: path, mode: mode, target: target)
    if mode & Self.write != 0 { writable = writable ?? place }
    // Names of files are no secret.
    if !isFolder, mode & Self.read != 0 { readable = readable ?? place }
  }
}

extension Configuration {
  /// Refuses a folder that others can change, unless that is allowed; returns a warning if others can read it.
  func checkFolder() throws(CommandError) -> String? {
    let exposure = FolderExposure(data, secretKey: secretKeyFile)
    if let place = exposure.writable, !insecureFolder {
      throw CommandError(
        .configuration, "other users can change \(place.text)",
        advice:
          "Anyone who can write there can create users and keys. Close it with `chmod -R go= \(place.target)`, or "
          + "allow it with --insecure-folder (SCIMD_INSECURE_FOLDER).")
    }
    if let place = exposure.writable {
      return "other users can change \(place.text); --insecure-folder allows that"
    }
    return exposure.readable.map {
      "other users can read \($0.text); close it with `chmod -R go= \($0.target)`"
    }
  }
}
