import HTTP
import Storage

/// The master key of the data folder. Only its fingerprint is ever shown.
enum SecretNoun {
  static var routes: [AdminRoute] {
    [
      AdminRoute(
        .get, AdminRoute.root + "/secret", "secret", "show", .read,
        "Show which master key the data folder was last used with, and whether its file contains that key",
        answers: .json(.named("MasterKey"))
      ) { call throws(AdminProblem) in try report(call) },
      AdminRoute(
        .post, AdminRoute.root + "/secret/rotate", "secret", "rotate", .write,
        "Create a new master key; cursors in use become invalid",
        answers: .json(.named("MasterKey"))
      ) { call throws(AdminProblem) in
        do throws(MasterKeyError) {
          try call.world.masterKeys.rotate(call.context("ROTATE /secret"))
        } catch {
          throw AdminProblem(error)
        }
        return try report(call)
      }.with {
        $0.replay = { call, _ throws(AdminProblem) in try report(call) }
      },
    ]
  }

  private static func report(_ call: AdminCall) throws(AdminProblem) -> AdminAnswer {
    do throws(MasterKeyError) {
      return AdminAnswer(try MasterKeyReport(call.world.masterKeys).json)
    } catch {
      throw AdminProblem(error)
    }
  }
}
