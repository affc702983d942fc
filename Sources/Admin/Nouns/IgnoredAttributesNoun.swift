import Credentials
import HTTP
import JSON
import Storage

/// Attributes without a schema that clients send, by connection or key.
enum IgnoredAttributesNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.directory + "/ignored-attributes/{id}", "schema", "suggest", .read,
        "List attributes that a connection or a key without one sent and no schema defines",
        answers: .json(.page(.named("IgnoredAttribute")))
      ) { call throws(AdminProblem) in
        AdminAnswer(items: try table(call["id"], call).items.map { IgnoredAttribute($0).json }, next: nil)
      }
    ]
  }

  /// The attributes of a sender; for a key that belongs to a connection, those of the connection.
  ///
  /// - Parameter sender: a connection, by id or name, or the id of a key.
  private static func table(_ sender: String, _ call: AdminCall) throws(AdminProblem) -> UnkeptTable {
    if let key = call.world.keys.key(sender), key.directory.hasSameBytes(as: call.directory.name) {
      return key.connection.map { call.directory.unkept(by: $0).whenDurable() }
        ?? call.directory.unkept(byKey: key.id).whenDurable()
    }
    return call.directory.unkept(by: try ConnectionsNoun.find(sender, call).id).whenDurable()
  }
}
