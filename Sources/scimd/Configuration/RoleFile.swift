import JSON
import Platform
import SCIM
import Protocol

/// The file of roles and entitlements that `roles` names.
struct RoleFile: Sendable {
  private static let maxBytes = 16 << 20
  private static let advice =
    "The file is named by --roles or SCIMD_ROLES; config/roles.json is an example."

  /// The value instead of a file name that means the roles of each directory.
  static let ofDirectory = "directory"

  let path: String

  init(_ path: String) { self.path = path }

  /// Reads and checks the file; its time of change becomes that of all roles.
  func list() throws(CommandError) -> RoleList {
    do {
      let file = try File.open(path, .read)
      let json = try JSONParser.parse(try file.readAll(), limits: JSONLimits(maxBytes: Self.maxBytes))
      return try RoleList(json, time: try file.modified)
    } catch let error as JSONError {
      throw failure("not valid JSON: \(error)")
    } catch let error as SystemError {
      throw CommandError(.configuration, path, error, advice: Self.advice)
    } catch {
      throw failure("\(error)")
    }
  }

  private func failure(_ reason: String) -> CommandError {
    CommandError(.configuration, "\(path): \(reason)", advice: Self.advice)
  }
}
