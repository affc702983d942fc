import Platform

// Removing the files of a deleted directory.
extension DataFolder {
  func hasDirectory(_ name: String) -> Bool { FileSystem.isDirectory(path(of: name)) }

  /// Moves the files to `archive/<name>-<time>`; nothing happens if there are none.
  func archive(_ name: String, time: String) throws(DataFolderError) {
    do { try Self.empty(requests(of: name)) } catch { throw .system(file: requests(of: name), error) }
    guard hasDirectory(name) else { return }
    let archive = "\(path)/archive"
    do {
      try FileSystem.createDirectory(archive)
      try FileSystem.rename(path(of: name), to: "\(archive)/\(name)-\(time.filter { $0 != ":" })")
      try FileSystem.syncDirectory(archive)
      try FileSystem.syncDirectory("\(path)/directories")
    } catch {
      throw .system(file: path(of: name), error)
    }
  }

  /// Removes the files, if any. They leave `directories` first, so that a start after a crash does not find half a log.
  func remove(_ name: String) throws(DataFolderError) {
    let aside = "\(path)/removing"
    let folder = "\(aside)/\(name)"
    do {
      try Self.empty(requests(of: name))
      if hasDirectory(name) {
        try FileSystem.createDirectory(aside)
        try Self.empty(folder)
        try FileSystem.rename(path(of: name), to: folder)
        try FileSystem.syncDirectory("\(path)/directories")
      }
      try Self.empty(folder)
      if FileSystem.isDirectory(aside) { try FileSystem.syncDirectory(aside) }
    } catch {
      throw .system(file: folder, error)
    }
  }

  /// Removes a folder with its files; nothing happens if it does not exist.
  private static func empty(_ folder: String) throws(SystemError) {
    guard FileSystem.isDirectory(folder) else { return }
    for file in try FileSystem.list(folder) { try FileSystem.unlink("\(folder)/\(file)") }
    try FileSystem.removeDirectory(folder)
  }

  /// The directory's ring of requests.
  private func requests(of name: String) -> String { "\(path)/requests/\(name)" }

  private func path(of name: String) -> String { "\(path)/directories/\(name)" }
}
