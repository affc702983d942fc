import JSON
import SCIM

extension Directory {
  /// For lines written by this program: one record may empty a group of any size.
  static let logLimits = JSONLimits(
    maxMembers: .max, maxElements: .max, maxValues: .max)

  /// Rebuilds the state from the log.
  ///
  /// Throws `schemas` for data that the schemas do not define, which is not damage: the files stay as they are.
  static func recover(
    _ folder: String, _ name: String, _ catalog: Catalog, _ options: StoreOptions, _ io: LogIO, now: Int64,
    mode: LogRecovery.Mode = .write
  ) throws(StoreError) -> (DirectoryState, LogTail) {
    let directory = DirectoryState(catalog: catalog, options: options)
    var log = try logged { () throws(LogError) in try LogRecovery(folder: folder, directory: name) }
    while let item = try logged({ () throws(LogError) in try log.next() }) {
      do throws(ReplayError) { try directory.take(item) } catch {
        throw error.isAboutSchemas
          ? .schemas(directory: name, problem: error.description)
          : .log(.corrupt(item.entry.corruption(error.description)))
      }
    }
    directory.forgetExpired(at: now)
    if let problem = directory.misfit { throw .schemas(directory: name, problem: problem) }
    directory.misfits = [:]
    let tail = try logged { () throws(LogError) in try log.end(mode, io: io) }
    while directory.detach(upTo: .max) {}
    directory.incarnations = tail.incarnations
    return (directory, tail)
  }

  private static func logged<Value>(_ body: () throws(LogError) -> Value) throws(StoreError) -> Value {
    do { return try body() } catch { throw .log(error) }
  }
}
