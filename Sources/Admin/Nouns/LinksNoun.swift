import Credentials
import HTTP
import SCIM
import Storage

/// Set-up links: somebody without an account sets up one connection at the identity provider.
enum LinksNoun {
  private static let root = AdminRoute.directory + "/connections/{id}/links"
  private static let maxAddressBytes = 254

  static var routes: [AdminRoute] { [list, create, revoke] }

  private static var list: AdminRoute {
    AdminRoute(
      .get, root, "connection link", "list", .read, "List the set-up links of a connection",
      answers: .json(.page(.named("SetupLink")))
    ) { call throws(AdminProblem) in
      let connection = try ConnectionsNoun.find(call["id"], call).id
      let all = call.world.links.links(of: connection)
      return try AdminAnswer(page: call, of: all) { SetupLinkReport($0, call.world.links).json }
    }.with { $0.parameters = AdminParameter.page }
  }

  /// The address it is sent to is not kept.
  private static var create: AdminRoute {
    AdminRoute(
      .post, root, "connection link", "create", .write,
      "Create a link by which somebody without an account sets up a connection; its secret is shown only once",
      answers: .json(.named("SetupLink"), status: 201)
    ) { call throws(AdminProblem) in
      let reader = try call.object()
      try reader.allow(["email"], of: "a set-up link")
      let email = try reader.optionalText("email").map { text throws(AdminProblem) in try address(text) }
      let resource = try ConnectionsNoun.find(call["id"], call)
      guard let connection = ConnectionDescription(resource.document), connection.state != .removing else {
        throw AdminProblem(.conflict, "The connection is being removed.")
      }
      let made: (link: SetupLink, secret: String)
      do throws(SCIMError) {
        made = try call.world.links.create(
          for: resource.id, in: call.directory, by: call.giver, call.context("CREATE /links"))
      } catch {
        throw AdminProblem(error)
      }
      var report = SetupLinkReport(made.link, call.world.links)
      let url = call.world.setUp + "#" + made.secret
      report.url = url
      let mail = SetupMail(connection: connection, url: url, expires: made.link.expires)
      report.message = mail.text
      report.mailto = mail.mailto(email)
      if let email, let send = call.world.mail {
        do throws(AdminProblem) { try send(mail.message(to: email)) } catch {
          // The link exists, and its secret must not be lost with the mail.
          report.isSent = false
          return AdminAnswer(report.json, .created)
        }
        report.isSent = true
      }
      return AdminAnswer(report.json, .created)
    }.with {
      $0.body = .json(.object([.init("email", .text, optional: true)]))
      $0.isLong = true
    }
  }

  private static var revoke: AdminRoute {
    AdminRoute(
      .delete, root + "/{link}", "connection link", "revoke", .write, "End a set-up link at once",
      answers: .json(.named("SetupLink"))
    ) { call throws(AdminProblem) in
      let connection = try ConnectionsNoun.find(call["id"], call).id
      let now = call.world.keys.now
      guard let known = call.world.links.link(call["link"]), known.connection == connection else {
        throw unknown(call)
      }
      let changed: SetupLink?
      do throws(SCIMError) {
        changed = try call.world.links.change(known.id, call.context("REVOKE /links/{id}")) { link in
          guard link.revoked == nil else { return false }
          link.revoked = now
          return true
        }
      } catch {
        throw AdminProblem(error)
      }
      guard let changed else { throw unknown(call) }
      return AdminAnswer(SetupLinkReport(changed, call.world.links).json)
    }
  }

  private static func unknown(_ call: AdminCall) -> AdminProblem {
    AdminProblem(
      .unknownResource, "The connection has no set-up link \"\(call["link"].prefix(64))\".",
      fix: "`scimd connection link list` shows those of a connection.")
  }

  /// One address as mail programs take it, which cannot become another field or option of a mailer.
  private static func address(_ text: String) throws(AdminProblem) -> String {
    let bytes = text.utf8
    let isPlain = bytes.allSatisfy { byte in
      byte > 0x20 && byte < 0x7F && !"<>()[],;:\\\"%?&#".utf8.contains(byte)
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard isPlain, bytes.count <= maxAddressBytes, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
      !text.hasPrefix("-")
    else {
      throw AdminProblem(
        .invalidMember, "email: \"\(text.prefix(64))\" is not an e-mail address.", at: "/email")
    }
    return text
  }
}
