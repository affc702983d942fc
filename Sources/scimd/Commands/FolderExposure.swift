import Platform

/// Whom else the permissions of a data folder let in.
struct FolderExposure: Sendable {
  /// What others can change, and what they can read: the first of each that was found.
  private(set) var writable: String?
  private(set) var readable: String?

  private static let (write, read): (UInt32, UInt32) = (0o022, 0o044)

  init(_ folder: String) {
    look(at: folder, isFolder: true)
    // Nobody gets at what is in a folder that is closed.
    guard let mode = FileSystem.mode(of: folder), mode & 0o077 != 0 else { return }
    for file in ["format", "cursor.key"] { look(at: "\(folder)/\(file)", isFolder: false) }
    let parent = "\(folder)/directories"
    look(at: parent, isFolder: true)
    for name in (try? FileSystem.list(parent)) ?? [] {
      let directory = "\(parent)/\(name)"
      look(at: directory, isFolder: true)
      for file in (try? FileSystem.list(directory)) ?? [] {
        look(at: "\(directory)/\(file)", isFolder: false)
      }
    }
  }

  private mutating func look(at path: String, isFolder: Bool) {
    guard let mode = FileSystem.mode(of: path) else { return }
    if mode & Self.write != 0 { writable = writable ?? Self.text(path, mode) }
    // Names of files are no secret.
    if !isFolder, mode & Self.read != 0 { readable = readable ?? Self.text(path, mode) }
  }

  private static func text(_ path: String, _ mode: UInt32) -> String {
    let digits = String(mode & 0o777, radix: 8)
    return "\(path) (mode \(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits))"
  }
}

extension Configuration {
  /// Refuses a folder that others can change, unless that is wanted; the text of a warning if others can read it.
  func checkFolder() throws(CommandError) -> String? {
    let exposure = FolderExposure(data)
    if let path = exposure.writable, !insecureFolder {
      throw CommandError(
        .configuration, "other users can change \(path)",
        advice:
          "Whoever can write there can make users and keys. Close it with `chmod -R go= \(data)`, or accept it "
          + "with --insecure-folder (SCIMD_INSECURE_FOLDER).")
    }
    if let path = exposure.writable {
      return "other users can change \(path); --insecure-folder accepts that"
    }
    return exposure.readable.map { "other users can read \($0); close it with `chmod -R go= \(data)`" }
  }
}
