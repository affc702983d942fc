import JSON
import Platform

/// A new file, readable only by its owner, for a secret that is shown once. It is created before the secret, so that no
/// secret is lost because it cannot be written.
enum SecretFile {
  static let option = Command.Option(
    name: "secret-file", value: "FILE",
    help: "Write the key to this new file (mode 0600) instead of showing it.")

  /// Creates the secret and, with the option, writes it to its file; the file is removed if nothing is created. Returns
  /// the result and the file's name.
  static func kept<Made>(
    _ invocation: Invocation, secret: (Made) -> String?, _ make: () throws(CommandError) -> Made
  ) throws(CommandError) -> (made: Made, place: String?) {
    guard let path = invocation[option.name] else { return (try make(), nil) }
    let file: File
    do throws(SystemError) { file = try File.open(path, .createNew(mode: 0o600)) } catch {
      throw CommandError(
        .cannotCreate, path, error, isWriting: true, label: "--\(option.name)",
        advice: "Choose a new file in an existing folder.")
    }
    let made: Made
    do throws(CommandError) { made = try make() } catch {
      try? FileSystem.unlink(path)
      throw error
    }
    do throws(SystemError) {
      try file.writeAll(Array(((secret(made) ?? "") + "\n").utf8))
      try file.sync()
    } catch {
      throw CommandError(
        .inputOutput, path, error, isWriting: true,
        advice: "The key was created; revoke it and create another one.")
    }
    return (made, path)
  }

  /// Prints the result as text or as JSON; JSON omits the secret if it is in a file.
  static func show(
    _ json: JSONValue, secretIn place: String?, _ invocation: Invocation, _ console: Console,
    _ text: @autoclosure () -> String
  ) -> ExitCode {
    console.show(place == nil ? json : json.without("key"), invocation, text)
    return .success
  }
}
