import CAssets
package import Exchange
import JSON

/// The scripts inside the binary.
package enum SimulatorScripts {
  /// All of them, in the order of their names.
  package static var all: [ExchangeScript] {
    do throws(ScriptError) {
      return try load()
    } catch {
      preconditionFailure("an embedded script: \(error)")
    }
  }

  /// The script of this name.
  package static func named(_ name: String) -> ExchangeScript? { all.first { $0.name == name } }

  /// Reads every embedded script; throws for the first that does not follow the format.
  package static func load() throws(ScriptError) -> [ExchangeScript] {
    var scripts: [ExchangeScript] = []
    for index in 0..<cassets_script_count {
      guard let entry = cassets_script(index)?.pointee else { continue }
      let name = String(cString: entry.name)
      scripts.append(try script(UnsafeRawBufferPointer(start: entry.bytes, count: entry.length), name: name))
    }
    return scripts.sorted { $0.name < $1.name }
  }

  private static func script(
    _ bytes: UnsafeRawBufferPointer, name: String
  ) throws(ScriptError) -> ExchangeScript {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(bytes)
    } catch { throw ScriptError("\(name): \(error)") }
    let script = try ExchangeScript(json)
    guard script.name == name else { throw ScriptError("\(name): is named \"\(script.name)\" inside") }
    return script
  }
}
