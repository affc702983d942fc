// An application of scimd: lists users, asks what one may do, and follows a snapshot.
//
// swiftc -parse-as-library client.swift && SCIMD_URL=http://127.0.0.1:8080 SCIMD_KEY=... ./client ada@example.com members:read
// The key needs the scopes api.people.read and api.access.read.
import Foundation
#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The body of an answer; an error that says what to do if the request is refused.
func call(_ path: String, _ body: [String: String]? = nil) async throws -> Data {
  let environment = ProcessInfo.processInfo.environment
  var request = URLRequest(url: URL(string: environment["SCIMD_URL"]! + path)!)
  request.setValue("Bearer " + environment["SCIMD_KEY"]!, forHTTPHeaderField: "Authorization")
  if let body {
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = try JSONEncoder().encode(body)
  }
  let (data, answer) = try await URLSession.shared.data(for: request)
  guard (answer as? HTTPURLResponse)?.statusCode == 200 else {
    throw CocoaError(
      .fileReadUnknown, userInfo: [NSLocalizedDescriptionKey: String(decoding: data, as: UTF8.self)])
  }
  return data
}

func object(_ data: Data) throws -> [String: Any] {
  try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
}

@main enum Client {
  static func main() async throws {
    let (user, permission) = (CommandLine.arguments[1], CommandLine.arguments[2])
    var (count, cursor) = (0, "")
    repeat {  // Every user, page by page.
      let page = try object(try await call("/api/v1/users?limit=100" + cursor))
      count += (page["items"] as? [Any])?.count ?? 0
      let next = (page["next"] as? String)?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
      cursor = next.map { "&cursor=" + $0 } ?? ""
    } while !cursor.isEmpty
    print("users: \(count)")
    let answer = try object(try await call("/api/v1/access/check", ["user": user, "permission": permission]))
    print("\(user) \(permission): \(answer["allowed"] as? Bool == true ? "allowed" : "denied")")
    var (counts, asOf): ([String: Int], String?) = ([:], nil)
    for line in try await call("/api/v1/snapshot").split(separator: UInt8(ascii: "\n")) {
      for (kind, value) in try object(line) {
        counts[kind, default: 0] += 1
        if kind == "asOf" { asOf = value as? String }
      }
    }
    guard let asOf else { fatalError("the snapshot has no end: read it again") }
    let total = ["user", "group", "grant"].map { counts[$0] ?? 0 }
    print("snapshot: \(total[0]) users, \(total[1]) groups, \(total[2]) grants")
    print("as of: \(asOf)")
  }
}
