extension Configuration.AccessLog: CustomStringConvertible {
  /// A path needs a slash, so that a misspelt `stderr` does not become a file.
  init(_ text: String) throws(BadValue) {
    switch text {
    case "stderr": self = .stderr
    case "off": self = .off
    case "stdout":
      throw BadValue("\"stdout\" is reserved for the first key; write stderr, off or the path of a file")
    default:
      guard text.contains("/") else {
        throw BadValue("\"\(text)\" is not stderr, off or the path of a file, such as ./access.log")
      }
      self = .file(text)
    }
  }

  var description: String {
    switch self {
    case .stderr: "stderr"
    case .off: "off"
    case .file(let path): path
    }
  }
}
