// A receiver of scimd's webhooks: verifies calls, handles each event once, and catches up from the feed it missed.
// swiftc -parse-as-library receiver.swift; SCIMD_SECRET=whsec_... SCIMD_URL=... SCIMD_KEY=... ./receiver 3000 handled.txt
import Foundation
import FoundationNetworking  // On Linux; elsewhere Foundation has it.
typealias HMAC = @convention(c) (OpaquePointer?, [UInt8], Int32, [UInt8], Int, UnsafeMutableRawPointer, OpaquePointer?) -> Int
let crypto = dlopen("libcrypto.so.3", RTLD_NOW)  // The package libssl3; elsewhere take CryptoKit or swift-crypto.
let hmac = unsafeBitCast(dlsym(crypto, "HMAC"), to: HMAC.self)
let sha256 = unsafeBitCast(dlsym(crypto, "EVP_sha256"), to: (@convention(c) () -> OpaquePointer?).self)
let (environment, file) = (ProcessInfo.processInfo.environment, CommandLine.arguments[2])
var handled = ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)

func handle(_ event: [String: Any]) {  // What the application does with an event; it may come twice.
  guard let id = event["id"] as? String, !handled.contains(id) else { return }
  print(id, event["type"] ?? "", (event["subject"] as? [String: Any])?["userName"] ?? "")
  handled.append(id)
  try! Data((handled.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
}
func isGenuine(_ fields: [String: String], _ body: [UInt8]) -> Bool {  // Signed, and not older than five minutes.
  let (id, sent) = (fields["webhook-id"] ?? "", fields["webhook-timestamp"] ?? "")
  let secret = [UInt8](Data(base64Encoded: String(environment["SCIMD_SECRET"]!.dropFirst(6)))!)
  var (text, digest) = ([UInt8]("\(id).\(sent).".utf8) + body, [UInt8](repeating: 0, count: 32))
  _ = hmac(sha256(), secret, Int32(secret.count), text, text.count, &digest, nil)
  let expected = Array("v1,\(Data(digest).base64EncodedString())".utf8), isNew = abs(time(nil) - (Int(sent) ?? 0)) < 300
  return isNew && (fields["webhook-signature"] ?? "").split(separator: " ").contains { one in  // Two while it is rotated.
    one.utf8.count == expected.count && zip(one.utf8, expected).reduce(0) { $0 | $1.0 ^ $1.1 } == 0
  }
}
@main enum Receiver {
  static func main() async throws {
    var (after, address) = (handled.last { $0.hasPrefix("evt_") }, sockaddr_in())
    while let cursor = after, let base = environment["SCIMD_URL"] {
      var request = URLRequest(url: URL(string: "\(base)/api/v1/events?after=\(cursor)")!)
      request.setValue("Bearer " + environment["SCIMD_KEY"]!, forHTTPHeaderField: "Authorization")
      let page = try JSONSerialization.jsonObject(with: try await URLSession.shared.data(for: request).0) as? [String: Any]
      let items = page?["items"] as? [[String: Any]] ?? []
      after = items.isEmpty ? nil : page?["next"] as? String
      items.forEach(handle)
    }
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    (address.sin_family, address.sin_addr.s_addr) = (UInt16(AF_INET), inet_addr("127.0.0.1"))
    address.sin_port = UInt16(CommandLine.arguments[1])!.bigEndian
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, [Int32(1)], 4)
    withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = bind(listener, $0, 16) } }
    listen(listener, 64)
    while let call = fdopen(accept(listener, nil, nil), "r") {
      var (line, size, fields) = (UnsafeMutablePointer<CChar>?.none, 0, [String: String]())
      while getline(&line, &size, call) > 2, let parts = line.map({ String(cString: $0).split(separator: ":", maxSplits: 1) }) {
        if parts.count == 2 { fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespacesAndNewlines) }
      }
      var body = [UInt8](repeating: 0, count: Int(fields["content-length"] ?? "") ?? 0)
      let isGood = fread(&body, 1, body.count, call) == body.count && isGenuine(fields, body)
      let event = isGood ? try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] : nil
      event.map(handle)
      let answer = "HTTP/1.1 \(event == nil ? 401 : 204) -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      _ = send(fileno(call), answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
      fclose(call)
    }
  }
}
