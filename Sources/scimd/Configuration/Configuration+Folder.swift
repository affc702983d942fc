import Storage

extension Configuration {
  /// Refuses a folder that others can change, unless that is allowed; returns a warning if others can read it.
  func checkFolder() throws(CommandError) -> String? {
    let exposure = FolderExposure(data, secretKey: secretKeyFile)
    if let place = exposure.writable, !insecureFolder {
      throw CommandError(
        .configuration, "other users can change \(place.text)",
        advice:
          "Anyone who can write there can create users and keys. Close it with `chmod -R go= \(place.target)`, or "
          + "allow it with --insecure-folder (SCIMD_INSECURE_FOLDER).")
    }
    if let place = exposure.writable {
      return "other users can change \(place.text); --insecure-folder allows that"
    }
    return exposure.readable.map {
      "other users can read \($0.text); close it with `chmod -R go= \($0.target)`"
    }
  }
}
