import JSON
import Platform

/// A new file, for its owner alone, that takes a secret which is shown once. It is made before the secret is, so that no
/// secret is lost because it cannot be written.
enum SecretFile {
  static let option = Command.Option(
    name: "secret-file", value: "FILE",
    help: "Write the key to this new file (mode 0600) instead of showing it.")

  /// Runs what makes the secret and, with the option, writes that into its file; the file goes again if nothing is made.
  /// Returns what was made, and the file's name.
  static func kept<Made>(
    _ invocation: Invocation, secret: (Made) -> String?, _ make: () throws(CommandError) -> Made
  ) throws(CommandError) -> (made: Made, place: String?) {
    guard let path = invocation[option.name] else { return (try make(), nil) }
    let file: File
    do throws(SystemError) { file = try File.open(path, .createNew(mode: 0o600)) } catch {
      throw CommandError(
        .cannotCreate, path, error, isWriting: true, label: "--\(option.name)",
        advice: "Name a file that does not exist yet, in a folder that does.")
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
        advice: "The key was made; revoke it and make another one.")
    }
    return (made, path)
  }

  /// Prints what was made, in words or as JSON; JSON without the secret if that is in a file.
  static func show(
    _ json: JSONValue, secretIn place: String?, _ invocation: Invocation, _ console: Console,
    _ text: @autoclosure () -> String
  ) -> ExitCode {
    if invocation.has("json") {
      console.print(place == nil ? json : json.without("key"))
    } else {
      console.write(.output, text())
    }
    return .success
  }
}
