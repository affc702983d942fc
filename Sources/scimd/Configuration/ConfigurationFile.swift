import JSON
import Platform

/// A JSON object whose members are settings; every complaint names the file and the place in it.
struct ConfigurationFile: Sendable {
  let path: String

  /// Sets the members in their order; throws for the first that is unknown or has a wrong value.
  func apply(to configuration: inout Configuration) throws(CommandError) {
    let bytes = try read()
    let object = try parse(bytes)
    let offsets = MemberOffsets.of(bytes)
    for (index, member) in object.members.enumerated() {
      let place = index < offsets.count ? " at byte \(offsets[index])" : ""
      guard let setting = Configuration.settings.first(where: { $0.name == member.name }) else {
        let nearest = NearestName.of(member.name, among: Configuration.settings.map(\.name))
        let advice = nearest.map { "; did you mean \"\($0)\"?" } ?? "; `scimd help settings` lists them"
        throw failure("\"\(member.name)\"\(place) is not a setting\(advice)")
      }
      do throws(BadValue) {
        try setting.apply(&configuration, try Self.text(of: member.value, setting.kind))
        configuration.origins[setting.name] = .file(path)
      } catch {
        throw failure("\"\(member.name)\"\(place): \(error.reason)")
      }
    }
  }

  private func read() throws(CommandError) -> [UInt8] {
    do throws(SystemError) {
      return try FileSystem.readFile(path)
    } catch {
      throw CommandError(
        .configuration, path, error, advice: "The file is named by --config or SCIMD_CONFIG.")
    }
  }

  private func parse(_ bytes: [UInt8]) throws(CommandError) -> JSONObject {
    let value: JSONValue
    do {
      value = try JSONParser.parse(bytes)
    } catch {
      throw failure("not valid JSON: \(error)")
    }
    guard let object = value.objectValue else { throw failure("must be one JSON object of settings") }
    return object
  }

  private func failure(_ message: String) -> CommandError {
    CommandError(.configuration, "\(path): \(message)")
  }

  /// The value as an option would give it.
  private static func text(of value: JSONValue, _ kind: Setting.Kind) throws(BadValue) -> String {
    switch kind {
    case .text:
      if let text = value.stringValue { return text }
      throw BadValue("must be a string")
    case .integer:
      if let number = value.integerValue { return String(number) }
      throw BadValue("must be a whole number")
    case .boolean:
      if let flag = value.boolValue { return flag ? "true" : "false" }
      throw BadValue("must be true or false")
    case .list:
      let items = value.arrayValue?.map(\.stringValue)
      guard let items, !items.contains(nil) else { throw BadValue("must be an array of strings") }
      return items.compactMap { $0 }.joined(separator: ",")
    }
  }
}
