import JSON

/// The managers of resources, as texts that are stored once: `connection:<id>`, `key:<keyId>`, `admin`, `clock`, `server`
/// or `sign-in`.
struct ManagerTable: Sendable {
  /// The number of an unknown manager.
  static let unknown: UInt32 = 0

  /// The manager of users whom a sign-in created.
  static let signIn = "sign-in"

  private static let connectionPrefix = "connection:"

  /// The text of a connection.
  static func text(of connection: ResourceID) -> String { connectionPrefix + connection.text }

  private var names = [""]
  private var numbers: [String: UInt32] = ["": unknown]

  /// The number of a manager, assigned if it is new.
  mutating func number(of name: String) -> UInt32 {
    if let number = numbers[name] { return number }
    let number = UInt32(names.count)
    names.append(name)
    numbers[name] = number
    return number
  }

  func isSignIn(_ number: UInt32) -> Bool { name(of: number)?.hasSameBytes(as: Self.signIn) ?? false }

  /// Nil if the manager is unknown.
  func name(of number: UInt32) -> String? { number == Self.unknown ? nil : names[Int(number)] }

  /// The connection with this number; nil for every other manager.
  func connection(of number: UInt32) -> ResourceID? {
    guard let name = name(of: number), name.hasPrefix(Self.connectionPrefix) else { return nil }
    return ResourceID(String(name.dropFirst(Self.connectionPrefix.utf8.count)))
  }
}
