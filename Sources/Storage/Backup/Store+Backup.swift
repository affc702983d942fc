import JSON
import Platform
import SCIM

extension Store {
  /// Everything in the folder, each directory at its own moment from now. Blocks until that moment is on disk.
  ///
  /// - Parameter masterKey: nil to leave it out.
  package func backup(masterKey: MasterKey? = nil) -> BackupPieces {
    BackupPieces(
      ([system] + allDirectories).map { $0.backupSource() }, masterKey: masterKey, catalog: catalog,
      time: environment.now())
  }
}

extension Store {
  private static let backupNote = "backup"

  /// Keeps the time of a backup that was read to its end. Does not wait for the disk.
  package func noteBackup() {
    let context = RequestContext(Actor(.server), requestID: "backup", operation: "NOTE")
    let time = DateTime(milliseconds: environment.now()).description
    _ = system.writeTogether(context) { tx throws(SCIMError) in
      tx.note(Self.backupNote, ["time": .string(time)])
    }
  }

  /// When the last backup was read to its end, in milliseconds since 1970; nil for never.
  package var lastBackup: Int64? {
    let note = system.note(Self.backupNote).whenDurable()
    return note?["time"]?.stringValue.flatMap { DateTime($0) }?.milliseconds
  }
}

extension Directory {
  /// The state now; blocks until it is on disk.
  fileprivate func backupSource() -> BackupPieces.Source {
    let (capture, seq) = state.withLock { state in
      state.backups += 1
      return (state.directory.capture(), state.directory.last)
    }
    let hold = RetentionHold {
      self.state.withLock { state in
        state.backups -= 1
        if state.backups == 0, !state.directory.erased.isEmpty { self.beginSnapshot(&state) }
      }
    }
    let source = BackupPieces.Source(name: name, folder: folder, capture: capture, seq: seq, hold: hold)
    return Pending(source, seq, journal).whenDurable()
  }
}
