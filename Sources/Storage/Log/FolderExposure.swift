import Platform

/// Which files of a data folder other users of the machine can read or change.
package struct FolderExposure: Sendable {
  /// A file or folder that others can access.
  package struct Place: Sendable {
    let path: String
    let mode: UInt32
    /// The path whose permissions to remove: the data folder, or a file of the master key outside it.
    package let target: String

    /// `PATH (mode 0644)`.
    package var text: String {
      let digits = String(mode & 0o777, radix: 8)
      return "\(path) (mode \(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
    }
  }

  /// The first path that others can change, and the first that they can read.
  package private(set) var writable: Place?
  package private(set) var readable: Place?

  private static let (write, read): (UInt32, UInt32) = (0o022, 0o044)

  /// - Parameter secretKey: the file of the master key if that is not in the folder.
  package init(_ folder: String, secretKey: String?) {
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

  /// Checks one file or folder; the first one found of each kind stays.
  private mutating func look(at path: String, isFolder: Bool, in target: String) {
    guard let mode = FileSystem.mode(of: path) else { return }
    let place = Place(path: path, mode: mode, target: target)
    if mode & Self.write != 0 { writable = writable ?? place }
    // Names of files are no secret.
    if !isFolder, mode & Self.read != 0 { readable = readable ?? place }
  }
}
