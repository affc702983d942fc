import HTTP
import Storage

/// The data folder as a whole.
enum StoreNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.root + "/store", "store", "info", .read,
        "Show what is in the data folder: directories, counts, files, history",
        answers: .json(.named("StoreInfo"))
      ) { call throws(AdminProblem) in try info(call) }
      .with { $0.isLong = true },
      AdminRoute(
        .get, AdminRoute.root + "/store/backup", "store", "backup", .read,
        "Read everything in the data folder as one file", answers: .lines("application/x-ndjson")
      ) { call throws(AdminProblem) in
        let pieces = call.world.store.backup(
          masterKey: call.query.has("includeSecretKey") ? try masterKey(call) : nil)
        return AdminAnswer(
          .stream(BackupProducer(pieces: pieces, store: call.world.store)), "application/x-ndjson")
      }.with {
        $0.isLong = true
        $0.parameters = [
          AdminParameter(
            "includeSecretKey", .flag, "Also the master key; needs the scope admin.write.")
        ]
      },
    ]
  }

  /// The master key for a backup; only for callers that may also write.
  private static func masterKey(_ call: AdminCall) throws(AdminProblem) -> MasterKey {
    guard call.caller.scopes.contains(.write) else {
      throw AdminProblem(.insufficientScope, "includeSecretKey needs the scope admin.write.")
    }
    do throws(MasterKeyError) { return try call.world.masterKeys.current() } catch {
      throw AdminProblem(error)
    }
  }

  /// Reads every directory's files; directories that are deleted meanwhile are skipped.
  private static func info(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    var items: [StoreInfo.Item] = []
    for directory in call.world.store.allDirectories {
      do throws(LogError) { items.append(StoreInfo.Item(try directory.information())) } catch {
        // A directory deleted in the meantime is skipped.
        guard call.world.store.existingDirectory(named: directory.name) != nil else { continue }
        throw AdminProblem(error)
      }
    }
    let info = StoreInfo(
      folder: call.world.store.folder.path, keys: KeysNoun.count(call.world), directories: items)
    return AdminAnswer(info.json)
  }
}

/// Sends a backup piece by piece.
private struct BackupProducer: HTTPBodyProducer {
  let pieces: BackupPieces
  let store: Store

  func nextPiece() throws -> [UInt8]? {
    let piece = try pieces.next()
    if piece == nil { store.noteBackup() }
    return piece
  }
}
