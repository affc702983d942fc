import Foundation
import JSON
import Platform
import XCTest

@testable import scimd

/// Every administrative command through all three ways: the running server's socket, the handler in process, and a
/// server named by --server with an admin key. Output, exit code and what is stored are the same.
final class ThreeWaysTests: XCTestCase {
  private enum Way: String, CaseIterable {
    case folder, socket, server
  }

  /// The command lines in order; each folder begins empty.
  private static let script: [[String]] = [
    ["directory", "list"],
    [
      "directory", "create", "fabrikam", "--display-name", "Fabrikam", "--description", "a customer",
      "--local-changes", "denied",
    ],
    ["directory", "create", "fabrikam"], ["directory", "create", "_x"],
    ["directory", "create", "adatum", "--cross-connection", "nonsense"],
    ["directory", "create", "adatum", "--json"], ["directory", "show", "fabrikam"],
    ["directory", "show", "fabrikan"], ["directory", "list"], ["directory", "list", "--json"],
    ["directory", "list", "--limit", "1"],
    ["directory", "update", "fabrikam", "--description", "", "--cross-connection", "allowed", "--json"],
    ["directory", "update", "fabrikam", "--display-name", "F", "--if-match", "W/\"1\""],
    ["directory", "pause", "adatum"], ["directory", "pause", "adatum", "--json"],
    ["directory", "resume", "adatum"], ["directory", "pause", "missing"],
    ["connection", "list", "--directory", "adatum"],
    ["connection", "create", "--name", "Okta", "--provider", "okta", "--directory", "adatum"],
    ["connection", "create", "--name", "OKTA", "--provider", "okta", "--directory", "adatum"],
    [
      "connection", "create", "--name", "Roles", "--provider", "okta", "--directory", "adatum",
      "--assignable-roles",
      "developer,read",
    ],
    ["connection", "show", "Roles", "--directory", "adatum"],
    ["connection", "update", "Roles", "--directory", "adatum", "--assignable-roles", ""],
    ["connection", "create", "--name", "x", "--provider", "nothing", "--directory", "adatum"],
    [
      "connection", "create", "--name", "Entra", "--provider", "entra", "--directory", "adatum", "--scopes",
      "scim.users.write,scim.groups.read", "--expires", "30d", "--description", "test", "--json",
    ],
    ["connection", "create", "--name", "Okta", "--provider", "okta", "--directory", "adatun"],
    ["connection", "list", "--directory", "adatum"],
    ["connection", "list", "--directory", "adatum", "--json"],
    ["connection", "show", "okta", "--directory", "adatum"],
    ["connection", "show", "none", "--directory", "adatum"],
    [
      "connection", "update", "Entra", "--name", "Entra ID", "--description", "", "--directory", "adatum",
      "--json",
    ],
    ["connection", "update", "Okta", "--name", "Entra ID", "--directory", "adatum"],
    ["connection", "pause", "Okta", "--directory", "adatum"],
    ["connection", "show", "Okta", "--directory", "adatum", "--json"],
    ["connection", "resume", "Okta", "--directory", "adatum"],
    ["connection", "take-over", "Entra ID", "--from", "Okta", "--directory", "adatum", "--dry-run"],
    ["connection", "take-over", "Entra ID", "--from", "none", "--directory", "adatum"],
    ["connection", "take-over", "Entra ID", "--from", "Okta", "--directory", "adatum", "--json"],
    ["connection", "remove", "Okta", "--directory", "adatum", "--dry-run"],
    ["connection", "remove", "none", "--directory", "adatum"],
    ["directory", "delete", "adatum", "--dry-run", "--json"], ["directory", "delete", "adatun"],
    ["job", "list"], ["job", "list", "--json"], ["job", "show", "none"], ["job", "cancel", "none"],
    [
      "key", "create", "--name", "second", "--connection", "Okta", "--directory", "adatum", "--scopes",
      "scim.users.read",
    ],
    ["key", "create", "--name", "second", "--connection", "none", "--directory", "adatum"],
    ["key", "create", "--name", "all", "--all-directories"],
    ["key", "create", "--name", "all", "--all-directories", "--scopes", "admin.read"],
    ["key", "list", "--directory", "adatum"], ["key", "update", "key_none", "--name", "x"],
    [
      "key", "update", "KEY", "--name", "renamed", "--scopes", "scim.users.read", "--expires", "1d", "--json",
    ],
    ["key", "update", "KEY", "--scopes", "nonsense.scope"], ["key", "show", "KEY"],
    ["key", "complete", "KEY"], ["key", "rotate", "KEY", "--overlap", "1y"],
    ["key", "rotate", "KEY", "--until-seen", "--json"], ["key", "rotate", "KEY"], ["key", "show", "KEY"],
    ["key", "cancel", "KEY"], ["key", "rotate", "KEY", "--overlap", "7d"],
    ["key", "complete", "KEY", "--json"],
    ["key", "rotate", "KEY", "--now"], ["key", "cancel", "KEY"], ["key", "show", "KEY"],
    ["key", "rotate", "key_none"], ["key", "inspect", "--file", "LEAKED.txt"],
    ["key", "inspect", "--file", "USERS.csv"], ["key", "update", "KEY", "--networks", "203.0.113.1/24"],
    ["key", "update", "KEY", "--networks", "203.0.113.0/24,::1", "--json"],
    ["key", "create", "--name", "Okta", "--profile", "okta", "--expires", "90d"],
    ["key", "create", "--name", "Bad", "--profile", "nothing"],
    ["key", "create", "--name", "x", "--directory", "contoso"],
    ["key", "create", "--name", "x", "--directory", "contoso", "--new-directory", "--json"],
    ["key", "list"], ["key", "list", "--json"], ["key", "list", "--directory", "contoso"],
    ["key", "list", "--limit", "1"], ["key", "show", "key_none"], ["key", "revoke", "key_none"],
    [
      "user", "create", "--set", "userName=ada@example.com", "--set", "name.givenName=Ada", "--set",
      "active=true",
    ],
    [
      "user", "create", "--set", "userName=bob", "--set", "emails[type eq \"work\"].value=b@example.com",
      "--json",
    ],
    ["user", "create", "--set", "userName=ADA@example.com"], ["user", "create", "--set", "nothing=1"],
    ["user", "create", "--set", "userName=eve", "--set", "displayName=\u{1B}[31mred\u{202E}"],
    ["user", "list"], ["user", "list", "--wide"], ["user", "list", "--json"],
    ["user", "list", "--filter", "userName sw \"a\""], ["user", "list", "--filter", "nonsense eq"],
    ["user", "list", "--limit", "1"], ["user", "list", "--limit", "none"],
    ["user", "list", "--filter", String(repeating: "a", count: 20_000)],
    ["user", "list", "--directory", "missing"],
    ["user", "show", "ada@example.com"], ["user", "show", "b@example.com", "--json"],
    ["user", "show", "nobody"],
    ["user", "update", "bob", "--set", "title=Boss"],
    ["user", "update", "bob", "--set", "title=Chief", "--if-match", "W/\"1\"", "--json"],
    ["user", "deactivate", "bob"], ["user", "reactivate", "bob", "--json"],
    ["group", "create", "--set", "displayName=Staff"], ["group", "create", "--set", "displayName=Twins"],
    ["group", "create", "--set", "displayName=Twins"], ["group", "show", "Twins"],
    ["group", "members", "add", "Staff", "ada@example.com", "bob", "--dry-run"],
    ["group", "members", "add", "Staff", "ada@example.com", "bob"],
    ["group", "members", "add", "Staff", "nobody"], ["group", "members", "list", "Staff"],
    ["group", "members", "remove", "Staff", "bob", "--json"],
    ["group", "members", "list", "Staff", "--json"],
    ["group", "update", "Staff", "--set", "displayName=Crew"], ["group", "list"],
    ["resource", "list", "Users"], ["resource", "list", "Nothing"],
    ["resource", "show", "User", "ada@example.com"], ["resource", "deactivate", "Group", "Crew"],
    ["role", "list"],
    ["role", "create", "developer", "--rank", "300", "--permissions", "code:push,code:read"],
    ["role", "create", "developer"], ["role", "create", "no good"],
    ["role", "create", "x", "--rank", "nonsense"],
    ["role", "create", "write", "--kind", "scoped", "--permissions", "flow:start", "--json"],
    ["role", "update", "developer", "--display", "Developer", "--critical", "yes"],
    ["role", "update", "nothing", "--rank", "1"], ["role", "show", "DEVELOPER"], ["role", "list", "--json"],
    ["target", "list"], ["target", "create", "ns:one"], ["target", "create", "ns:one"],
    ["target", "create", "nonsense"], ["target", "update", "ns:one", "--display", "One"],
    ["target", "show", "ns:one"], ["target", "list"], ["grant", "list"],
    ["group", "members", "add", "Crew", "bob"],
    ["grant", "add", "--group", "Crew", "--role", "developer", "--reason", "all of them"],
    ["grant", "add", "--group", "Crew", "--role", "developer"], ["grant", "add", "--role", "developer"],
    ["grant", "add", "--user", "bob", "--role", "write", "--target", "ns:one", "--expires", "2199-01-31"],
    ["grant", "add", "--user", "bob", "--role", "write"],
    ["grant", "add", "--user", "bob", "--role", "write", "--expires", "nonsense"],
    ["grant", "list", "--user", "bob"], ["grant", "list", "--json"], ["access", "show", "bob"],
    ["access", "show", "bob", "--json"], ["access", "show", "nobody"],
    ["access", "explain", "bob", "code:push"], ["access", "explain", "bob", "flow:start"],
    ["access", "explain", "bob", "flow:start", "--target", "ns:one"],
    ["access", "explain", "ada@example.com", "code:push", "--json"],
    ["access", "explain", "bob", "nonsense"],
    ["access", "who", "developer"], ["access", "who", "flow:start", "--json"], ["access", "who", "nothing"],
    ["access", "findings"], ["access", "findings", "--kind", "unusedRole", "--json"],
    ["review", "list"], ["review", "create", "Q1", "--user", "bob", "--due", "2199-01-31"],
    ["review", "create", "Q1"],
    ["review", "create", "Q2", "--due", "nonsense"], ["review", "list"], ["review", "show", "Q1"],
    ["review", "decide", "Q1", "approve", "none"], ["review", "close", "Q1"], ["review", "show", "nothing"],
    ["review", "export", "nothing"],
    ["access", "export"], ["access", "export", "--as-of", "nonsense"],
    ["access", "export", "--as-of", "2020-01-01", "--format", "csv"],
    ["grant", "update", "2819c223-7f76-453a-919d-413861904646", "--reason", "x"],
    ["grant", "remove", "none"],
    ["grant", "remove", "--group", "Crew", "--role", "developer"],
    ["grant", "remove", "--group", "Crew", "--role", "developer", "--force"],
    ["grant", "remove", "--group", "Crew", "--role", "developer"], ["role", "delete", "write"],
    ["role", "delete", "write", "--force"], ["target", "delete", "ns:one", "--json"],
    ["access", "draft", "--group", "Crew", "--role", "developer", "--name", "map"],
    ["access", "draft", "--group", "Crew", "--role", "nothing"], ["access", "draft", "--name", "empty"],
    ["access", "draft", "--connection", "nothing"],
    ["access", "drafts"], ["access", "drafts", "--json"], ["access", "review", "DRAFT"],
    ["access", "apply", "DRAFT"], ["access", "apply", "DRAFT"], ["access", "review", "none"],
    ["access", "rollback", "1"], ["access", "rollback", "7"], ["access", "review", "DRAFT", "--json"],
    ["access", "apply", "DRAFT"], ["access", "discard", "DRAFT"], ["access", "discard", "none"],
    ["role", "diff", "--file", "RIGHTS.json"], ["role", "apply", "--file", "RIGHTS.json"],
    ["role", "apply", "--file", "RIGHTS.json", "--force", "--json"],
    ["role", "diff", "--file", "RIGHTS.json"], ["role", "diff", "--file", "nonsense"],
    ["group", "members", "remove", "Crew", "bob"],
    ["user", "delete", "ada@example.com", "--dry-run"], ["user", "delete", "ada@example.com"],
    ["user", "list", "--deleted"], ["user", "list", "--deleted", "--json"],
    ["user", "restore", "ada@example.com"],
    ["user", "restore", "ada@example.com"], ["user", "history", "ada@example.com"],
    ["user", "history", "ada@example.com", "--json", "--limit", "2"], ["group", "history", "Crew"],
    ["user", "erase", "eve", "--dry-run"], ["user", "erase", "eve"], ["user", "erase", "eve", "--yes"],
    ["group", "delete", "Crew", "--json"], ["group", "restore", "Crew"],
    ["import", "USERS.csv", "--dry-run"], ["import", "USERS.csv"], ["import", "WRONG.csv"],
    ["import", "USERS.csv", "--on-conflict", "nonsense"], ["import", "USERS.csv", "--json"],
    ["export"], ["export", "--format", "csv"], ["export", "--type", "Nothing"],
    ["schema", "suggest", "nothing"], ["store", "info"], ["secret", "show"], ["secret", "rotate"],
    ["secret", "show", "--json"], ["session", "list"], ["session", "list", "--json"],
    ["session", "end", "none"], ["connection", "link", "list", "Entra ID", "--directory", "adatum"],
    ["connection", "link", "create", "none", "--directory", "adatum"],
    ["connection", "link", "create", "Entra ID", "--email", "no address", "--directory", "adatum"],
    ["connection", "link", "revoke", "Entra ID", "link_none", "--directory", "adatum"],
    ["settings", "show", "--json"],
    ["settings", "show"], ["requests", "list", "--status", "418"], ["requests", "list", "--status", "x"],
    ["requests", "list", "--status", "418", "--json"],
    ["requests", "show", "none"], ["requests", "curl", "none"],
    ["requests", "replay", "none", "--dry-run"], ["requests", "replay", "none"],
    ["explain", "none-1"],
    ["explain", "none-1", "--provider", "okta", "--json"],
    ["events", "show", "none"], ["leavers"], ["leavers", "--slow", "--json"],
    // A server sends, and writes down how far it is; the commands never reach one that exists.
    ["webhook", "create", "x", "--url", "y"], ["webhook", "list"],
    ["webhook", "replay", "none", "--since", "2027-01-01T00:00:00Z"], ["webhook", "show", "none"],
    ["webhook", "update", "none", "--thin", "yes"], ["webhook", "pause", "none"],
    ["webhook", "resume", "none"],
    ["webhook", "attempts", "none"], ["webhook", "test", "none"], ["webhook", "resend", "none", "none"],
    ["webhook", "rotate-secret", "none"], ["webhook", "delete", "none"],
    ["stream", "create", "x", "--audience", "a", "--events", "y"], ["stream", "list"],
    ["stream", "show", "none"], ["stream", "update", "none", "--events", "prov:delete"],
    ["stream", "pause", "none"], ["stream", "resume", "none"], ["stream", "rotate-key", "none"],
    ["stream", "attempts", "none"], ["stream", "delete", "none"],
  ]

  func testEveryAdministrativeCommandIsInTheScript() {
    let others: Set = [
      "serve", "schema check", "health", "store init", "store dump", "store diff", "store verify",
      "store repair", "store restore", "secret adopt", "simulate", "conformance", "completion", "man",
      "version", "help",
      // Looks at the server, which only one of the ways has to itself.
      "doctor",
      // Waits for requests of a provider.
      "connect",
      // Needs a server, in whose memory its link is; it prints the address of that server.
      "console",
      // The actor depends on the way, and every record has a salt of its own.
      "audit list", "audit verify", "events list",
      // Needs a server.
      "events follow", "webhook listen",
      // Made of the same parts as those of users; a backup's bytes depend on when snapshots are written.
      "resource create", "resource update", "resource delete", "resource restore", "resource reactivate",
      "resource erase", "resource history", "group erase", "store backup",
    ]
    for command in Command.all where !others.contains(command.name) {
      XCTAssertTrue(Self.script.contains { $0.starts(with: command.path) }, command.name)
    }
  }

  func testOutputExitCodeAndContentAreTheSameByEveryWay() throws {
    var results: [Way: [String]] = [:]
    for way in Way.allCases { results[way] = try play(way) }
    let expected = try XCTUnwrap(results[.folder])
    XCTAssertEqual(expected.count, Self.script.count + 1)
    for way in [Way.socket, .server] {
      let found = try XCTUnwrap(results[way])
      for (index, text) in found.enumerated() {
        let name = index < Self.script.count ? Self.script[index].joined(separator: " ") : "what is stored"
        XCTAssertEqual(text, expected[index], "\(way.rawValue): scimd \(name)")
      }
    }
  }

  func testNoAdministrativeCommandMakesADataFolderAndEachSaysWhereItLooked() throws {
    let fixture = try CommandFixture(self)
    let file = try fixture.file("users.csv", "userName\n")
    let rights = try fixture.file("rights.json", "{}")
    var texts: Set<String> = []
    for words in Self.script where !words.contains("nonsense") && !words.contains("none") {
      let line = words.map {
        $0 == "RIGHTS.json" ? rights : ["USERS.csv", "WRONG.csv", "LEAKED.txt"].contains($0) ? file : $0
      }
      let outcome = fixture.run(line + ["--data", fixture.data])
      XCTAssertEqual(outcome.code, .failure, words.joined(separator: " "))
      XCTAssertEqual(outcome.output, "")
      texts.insert(outcome.error)
      XCTAssertFalse(FileSystem.exists(fixture.data))
    }
    XCTAssertEqual(texts.count, 1)
    XCTAssertTrue(texts.first?.contains("\(fixture.data) (from --data) does not exist") == true, "\(texts)")
    for words in [["store", "verify"], ["store", "dump"], ["store", "repair"]] {
      XCTAssertEqual(fixture.run(words + ["--data", fixture.data]).error, texts.first, "\(words)")
    }
    fixture.variables["SCIMD_DATA"] = fixture.data
    XCTAssertTrue(fixture.run("user", "list").error.contains("(from SCIMD_DATA) does not exist"))
  }

  /// What every command printed, and in the end all that is stored.
  private func play(_ way: Way) throws -> [String] {
    let fixture = try CommandFixture(self)
    fixture.now = 1_800_000_000_000
    let users = try fixture.file("users.csv", "userName,title\nzoe,Lead\nyan,\n")
    let leaked = try fixture.file(
      "leaked.txt", "key=scim_0000000000000000000000000000000000000000000000000;")
    let rights = try fixture.file(
      "rights.json", #"{"roles": [{"value": "developer", "rank": 7}], "targets": ["ns:one"]}"#)
    let wrong = try fixture.file("wrong.csv", "userName,active\nkim,maybe\n")
    try fixture.makeFolder()
    let admin = fixture.run(
      "key", "create", "--name", "admin", "--all-directories", "--scopes",
      "admin.read,admin.write,admin.erase,scim.*", "--json", "--data", fixture.data)
    let secret = try JSONParser.parse(Array(admin.output.utf8))["key"]?.stringValue
    // The first start of a server would make the master key.
    XCTAssertEqual(fixture.run("secret", "rotate", "--data", fixture.data).code, .success)
    let key = try fixture.file("admin.key", try XCTUnwrap(secret))
    let server = try server(way, fixture)
    let place =
      way == .server
      ? ["--server", "http://127.0.0.1:\(server?.running.port ?? 0)", "--key-file", key]
      : ["--data", fixture.data]
    var normal = Normal(fixture.folder)
    _ = normal.text(admin.output)
    var results: [String] = []
    var made = ""
    var drafted = ""
    for words in Self.script {
      var line = words.map { $0 == "USERS.csv" ? users : $0 == "WRONG.csv" ? wrong : $0 }
      line = line.map { $0 == "RIGHTS.json" ? rights : $0 == "DRAFT" ? drafted : $0 }
      line = line.map { $0 == "KEY" ? made : $0 == "LEAKED.txt" ? leaked : $0 }
      let outcome = fixture.run(line + place)
      if let id = outcome.output.firstMatch(of: /key_[0-9A-Za-z]{12}/) { made = String(id.output) }
      if let id = outcome.output.firstMatch(of: /scimd access review ([0-9a-f-]{36})/) {
        drafted = String(id.1)
      }
      let text = Self.withoutActor(
        normal.text("\(outcome.code)\n\(outcome.output)--\n\(outcome.error)"), words)
      results.append(words == ["store", "info"] ? Normal.withoutNumbers(text) : text)
    }
    server?.stop()
    // A dump is ordered by id, which is random, and with it the order in which digests and the ids of keys appear.
    let dump = fixture.run("store", "dump", "--data", fixture.data).output.split(separator: "\n").map {
      Self.withoutActor(normal.text(String($0)), []).replacingOccurrences(
        of: "(?<=DIGEST)[0-9]+|(?<=\"(?:Key|Directory)\",\"id\":\"ID)[0-9]+", with: "",
        options: .regularExpression)
    }
    results.append(dump.sorted().joined(separator: "\n"))
    return results
  }

  /// A real server on the folder; nil if the commands open it themselves.
  private func server(_ way: Way, _ fixture: CommandFixture) throws -> ServedFolder? {
    way == .folder ? nil : try ServedFolder(self, fixture: fixture)
  }

  /// Who acted is not the same by every way: on the folder, behind the socket, with a key.
  private static func withoutActor(_ text: String, _ words: [String]) -> String {
    var patterns = [
      (#""managedBy":"key:[A-Z0-9]+""#, #""managedBy":"admin""#),
      (#"\{"kind":"key","id":"KEY1","name":"admin"\}"#, #"{"kind":"admin"}"#),
      (#"(\\?"(?:grantedBy|createdBy|appliedBy)\\?":\\?")[^"\\]*"#, "$1WHO"),
      ("(?m)^  Given by .*$", "  Given by WHO"),
      ("key admin", "admin    "), (#"(?m)^managedBy\..*\n"#, ""),
      // The port that the kernel chose.
      (#"127\.0\.0\.1:[0-9]+ *"#, "127.0.0.1:N "),
      // An error of the HTTP layer, from a listener that speaks SCIM too.
      (#" \(request [0-9a-f]{8}-[0-9]+\)"#, ""),
      // Only a key that is used has a last use.
      (#"(HINT[0-9]+ +)(never|\d{4}-\d\d-\d\d) *"#, "$1USED "),
      (#"LAST USED +"#, "LAST USED "),
    ]
    if words.contains("drafts") { patterns += [("BY +NAME", "BY NAME"), (#"(KEY1|root \(0\)) +"#, "WHO ")] }
    if words.contains("review") { patterns.append((#"KEY1|root \(0\)"#, "WHO")) }
    if words.contains("history") {
      patterns += [
        (#"by .*, from .*, request"#, "by WHO, request"),
        (#""(?:key|keyName|profile|origin)":"[^"]*","#, ""),
        (#""actor":\{"name":"admin","#, #""actor":{"#),
      ]
    }
    return patterns.reduce(text) {
      $0.replacingOccurrences(of: $1.0, with: $1.1, options: .regularExpression)
    }
  }
}

/// Replaces what is random by names in order of appearance.
private struct Normal {
  private static let patterns = [
    ("ID", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), ("KEY", "key_[0-9A-Za-z]{12}"),
    ("SECRET", "scim_[0-9A-Za-z]{49}"), ("HINT", "scim_[0-9A-Za-z]{4}…[0-9A-Za-z]{4}"),
    ("REQUEST", "admin-[0-9a-f]{8}"), ("DIGEST", "[0-9a-f]{64}"), ("FINGERPRINT", "[0-9a-f]{32}"),
    ("LOG", "(?<=W/\\\\?\\\\?\")[0-9A-Za-z]{8}(?=\\.)"),
    ("SHOWN", "(?<=\\.[0-9]{1,6}-)[0-9a-f]+(?=\\\\?\\\\?\")"), ("CURSOR", "c\\.[0-9a-z.-]+"),
  ]

  private let folder: String
  private var names: [String: String] = [:]

  init(_ folder: String) { self.folder = folder }

  mutating func text(_ text: String) -> String {
    // The key of the third way alone has a last use.
    var text = text.replacingOccurrences(of: folder, with: "FOLDER").replacingOccurrences(
      of: #","lastUse":\{[^}]*\}"#, with: "", options: .regularExpression)
    for (name, pattern) in Self.patterns {
      var result = ""
      var rest = text[...]
      while let range = rest.range(of: pattern, options: .regularExpression) {
        let found = String(rest[range])
        let number = names.values.count { $0.hasPrefix(name) } + 1
        let known = names[found] ?? "\(name)\(number)"
        names[found] = known
        result += rest[..<range.lowerBound] + known
        rest = rest[range.upperBound...]
      }
      text = result + rest
    }
    // Rows are ordered by random ids nowhere but in a dump, and files rewritten depend on how many there are.
    return text.replacingOccurrences(
      of: "rewritten: [0-9]+", with: "rewritten: N", options: .regularExpression)
  }

  static func withoutNumbers(_ text: String) -> String {
    text.replacingOccurrences(of: "[0-9]+", with: "N", options: .regularExpression)
  }
}
