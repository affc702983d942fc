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

  /// For the report; what is sent where the file gives none.
  let name: String
  /// The step is passed over unless all hold.
  let when: [BodyRule]
  let action: Action
}

/// What becomes of an answer.
struct Reception: Sendable {
  /// Alternatives, of which one must hold; none where every answer will do.
  let expect: [Expectation]
  /// The variable that stands for the answer.
  let keep: String?
  let capture: [(variable: String, pointer: JSONPointer)]
}

/// All pages of a list.
struct Walk: Sendable {
  enum Method: String, Sendable {
    case startIndex, cursor
  }

  let method: Method
  /// Of the first page.
  let request: CaseRequest
}
