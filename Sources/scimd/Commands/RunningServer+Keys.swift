import Credentials
import Platform

extension RunningServer {
  static func openKeys(_ folder: String, _ environment: Environment) throws(CommandError) -> KeyStore {
    do throws(KeyFileError) {
      return try KeyStore(folder: folder, environment: environment)
    } catch {
      throw CommandError(error)
    }
  }

  /// A key for a folder that never had one; nil where there are keys, were they all revoked.
  static func makeFirstKey(_ keys: KeyStore) throws(CommandError) -> CreatedKey? {
    guard keys.isEmpty else { return nil }
    do throws(KeyAdministrationError) {
      return try KeyAdministration(keys).create(
        NewKey(name: "first key", description: "Made by `scimd serve` on its first start"))
    } catch {
      throw CommandError(.inputOutput, error.description)
    }
  }
}
