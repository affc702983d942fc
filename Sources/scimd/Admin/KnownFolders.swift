import JSON
import Platform

/// The data folders that this machine's configuration names, for a command that found nothing in another one.
struct KnownFolders: Sendable {
  /// A folder, the setting that names it, and the option that selects it.
  struct Place: Sendable, Equatable {
    let folder: String
    let source: String
    let option: String
  }

  /// Where README, the systemd unit and a copy of the project keep the configuration.
  static let files = ["/etc/scimd/scimd.json", "config/scimd.json"]
  static let units = ["/etc/systemd/system/scimd.service", "/lib/systemd/system/scimd.service"]

  private let places: [Place]

  /// - Parameter overruled: values of `data` that another one overrode.
  init(_ overruled: [SettingOrigin.Value], files: [String] = Self.files, units: [String] = Self.units) {
    var places = overruled.map { value in
      Place(folder: value.text, source: value.origin.place ?? "the default", option: "--data \(value.text)")
    }
    places += files.compactMap { file in
      Self.folder(inFile: file).map { Place(folder: $0, source: file, option: "--config \(file)") }
    }
    places += units.compactMap(Self.place(inUnit:))
    self.places = places
  }

  /// A sentence about another folder: one with a running server if possible, otherwise the first that exists; nil if none
  /// does.
  func advice(insteadOf folder: String) -> String? {
    let others = places.filter { $0.folder != folder && UserName.owner(of: $0.folder) != nil }
    if let place = others.first(where: { ControlSocket.isAnswered(in: $0.folder) }) {
      return "A server is running on \(place.folder), which \(place.source) names: add \(place.option)."
    }
    return others.first.map { "\($0.source) names \($0.folder): add \($0.option)." }
  }

  /// The `data` of a configuration file; nil if it cannot be read or does not set it.
  private static func folder(inFile path: String) -> String? {
    guard let bytes = try? FileSystem.readFile(path), let json = try? JSONParser.parse(bytes) else {
      return nil
    }
    return json["data"]?.stringValue
  }

  /// `ExecStart=... --config FILE`, `--data DIR`, or `Environment=SCIMD_DATA=DIR`.
  private static func place(inUnit path: String) -> Place? {
    guard let bytes = try? FileSystem.readFile(path) else { return nil }
    let separators: [UInt8] = [UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "=")]
    let words = bytes.split { separators.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
    for (word, value) in zip(words, words.dropFirst()) {
      if word == "--data" || word == "SCIMD_DATA" {
        return Place(folder: value, source: path, option: "--data \(value)")
      }
      if word == "--config" || word == "SCIMD_CONFIG", let folder = folder(inFile: value) {
        return Place(folder: folder, source: value, option: "--config \(value)")
      }
    }
    return nil
  }
}
