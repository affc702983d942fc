import Glibc
import Platform

// Files that cannot be used. Every command reports a missing permission in the same words and with the same code.
extension CommandError {
  /// - Parameters:
  ///   - code: used for every reason except a missing permission.
  ///   - label: the option or setting that names the file, such as `--key-file`.
  init(
    _ code: ExitCode, _ path: String, _ cause: SystemError, isWriting: Bool = false, label: String? = nil,
    advice: String? = nil
  ) {
    let place = label.map { "\($0): " } ?? ""
    guard cause.code == EACCES else {
      self.init(code, "\(place)\(path): \(cause)", advice: advice)
      return
    }
    let obstacle = Self.obstacle(path)
    let error = DataPlace.denied(
      path, owner: UserName.owner(of: obstacle), at: obstacle == path ? nil : obstacle, isWriting: isWriting)
    self.init(error.code, place + error.message, advice: error.advice)
  }

  /// The file if it exists, otherwise the nearest folder above it that does.
  private static func obstacle(_ path: String) -> String {
    var place = path
    while UserName.owner(of: place) == nil {
      let parent = FileSystem.parent(of: place)
      if parent == place { break }
      place = parent
    }
    return place
  }
}
