import Credentials
import Glibc
import Platform
import SCIM
import Storage

extension CommandError {
  private static let folderAdvice =
    "The data folder and its files must belong to the user that runs scimd, and the disk needs free space."

  init(_ error: KeyFileError) {
    switch error.kind {
    case .system(let cause): self.init(.inputOutput, error.path, cause, advice: Self.folderAdvice)
    case .notTaken:
      self.init(.inputOutput, error.description, advice: Self.folderAdvice)
    case .malformed, .invalid:
      self.init(
        .dataCorrupt, error.description, advice: "Restore the file from a backup; nothing was changed.")
    case .newerFormat:
      self.init(
        .dataCorrupt, error.description, advice: "Use the newer version of scimd; nothing was changed.")
    }
  }

  /// - Parameter folder: the data folder as the user named it.
  init(_ error: DataFolderError, folder: String) {
    switch error {
    case .locked:
      self.init(
        .locked, "\(folder): \(error)", advice: "Stop that process, or use another folder with --data.")
    case .notFound:
      self.init(
        .failure, "\(error)",
        advice:
          "Set the folder with --data DIR or SCIMD_DATA; `scimd serve --data DIR` or `scimd store init --data "
          + "DIR` creates one.")
    case .notEmpty:
      self.init(.cannotCreate, "\(error)", advice: "Use another folder with --data.")
    case .foreign:
      self.init(.cannotCreate, "\(error)")
    case .damagedFormat:
      self.init(.dataCorrupt, "\(error)")
    case .newerFormat:
      self.init(.dataCorrupt, "\(error)", advice: "Use the newer version of scimd; nothing was changed.")
    case .invalidName:
      self.init(.usage, "\(error)")
    case .system(let file, let cause):
      self.init(
        .cannotCreate, file, cause, isWriting: !DataPlace.isDenied(file, cause), advice: Self.folderAdvice)
    }
  }

  /// A store that could not be opened or written.
  init(_ error: StoreError) {
    switch error {
    case .log(let error): self.init(error)
    case .folder(let error): self.init(error, folder: "the data folder")
    case .refused(_, let refusal):
      self.init(refusal.status == 507 ? .inputOutput : .failure, "\(error)")
    case .schemas:
      self.init(
        .configuration, "\(error)",
        advice:
          "Nothing was changed. Set the folder of files that define it with --schemas DIR or SCIMD_SCHEMAS (`scimd "
          + "schema check DIR` shows what a folder defines).")
    case .journal:
      self.init(
        .inputOutput, "\(error)", advice: "The disk needs free space, and the folder must be writable.")
    }
  }

  /// A missing or different master key is an error of the configuration; only the disk's are input or output errors.
  init(_ error: MasterKeyError) {
    switch error {
    case .system(let file, let cause):
      self.init(
        .inputOutput, file, cause, isWriting: !DataPlace.isDenied(file, cause), advice: Self.folderAdvice)
    case .malformed:
      self.init(.configuration, "\(error)", advice: Self.masterKeyAdvice)
    case .another, .missing(_, .some):
      self.init(.configuration, "\(error)", advice: Self.masterKeyAdvice)
    case .missing(let file, nil):
      self.init(
        .configuration, "\(error)", advice: "Create it: (umask 077; openssl rand -hex 32 > \(file))")
    case .changing: self.init(.locked, "\(error)")
    case .refused where error.isAboutSpace:
      self.init(
        .inputOutput, "No space left for a record of the master key in the log of the data folder",
        advice: Self.folderAdvice)
    case .refused(let refusal): self.init(.failure, refusal.detail)
    }
  }

  /// For a server that has another master key than its folder.
  private static let masterKeyAdvice =
    "Put the right file in its place. If it is lost, `scimd secret adopt` accepts a new one, which invalidates cursors "
    + "in use."

  /// All errors in a folder of schemas.
  init(_ error: CatalogError, folder: String?) {
    let problems = error.problems.map { "  \($0)\n" }.joined()
    self.init(
      .configuration, "the schemas in \(folder ?? "this program") cannot be used:\n\(problems.dropLast())",
      advice: folder.map { "Nothing was changed. Try again with `scimd schema check \($0)`." })
  }

  /// A socket that could not be bound; the error names its address.
  init(listening error: SystemError) {
    let advice: String? =
      switch error.code {
      case EADDRINUSE: "Another program listens there. Stop it, or choose another address with --listen."
      case EACCES:
        "You need permission for ports below 1024 and for the socket's folder; choose another address with "
          + "--listen."
      case EADDRNOTAVAIL: "This machine does not have this address; choose another one with --listen."
      default: nil
      }
    let code: ExitCode =
      switch error.code {
      case EADDRINUSE: .locked
      case EACCES: .noPermission
      default: .failure
      }
    self.init(code, "cannot \(error)", advice: advice)
  }

  init(_ error: LogError) {
    switch error {
    case .corrupt: self.init(.dataCorrupt, "\(error)")
    case .newerFormat:
      self.init(.dataCorrupt, "\(error)", advice: "Use the newer version of scimd; nothing was changed.")
    case .system(let file, let cause):
      self.init(
        .inputOutput, file, cause, isWriting: !DataPlace.isDenied(file, cause), advice: Self.folderAdvice)
    }
  }
}
