import Exchange
import JSON

/// One step of a case.
struct CaseStep: Sendable {
  indirect enum Action: Sendable {
    case send(CaseRequest, Reception)
    case walk(Walk, Reception)
    case check([BodyRule])
    case skipUnless([BodyRule], reason: String)
    case forEach(JSONValue, variable: String, [CaseStep])
    case wait(milliseconds: Int)
  }

  /// For the report; the request line if the file gives none.
  let name: String
  /// The step is passed over unless all hold.
  let when: [BodyRule]
  let action: Action
}
