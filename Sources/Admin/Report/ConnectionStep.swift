import Credentials
package import JSON
package import SCIM

/// A step of setting up that was seen of a connection.
package struct ConnectionStep: Sendable {
  package let step: SetupStep
  /// When it was first seen.
  package let time: DateTime
  /// The id of that request.
  package let request: String

  init(_ seen: ConnectionSteps.Seen) {
    step = seen.step
    time = seen.time
    request = seen.requestID
  }

  package var json: JSONValue {
    ["step": .string(step.rawValue), "time": .string(time.description), "request": .string(request)]
  }

  package init(_ reader: ObjectReader) throws(AdminProblem) {
    let name = try reader.text("step")
    guard let step = SetupStep(rawValue: name) else {
      throw AdminProblem(.invalidMember, "The step \"\(name)\" is not known to this version.", at: "/step")
    }
    self.step = step
    time = try reader.time("time")
    request = try reader.text("request")
  }

  static let schema = AdminSchema.object([
    .init("step", .choice(SetupStep.allCases.map(\.rawValue))), .init("time", .time), .init("request", .text),
  ])
}
