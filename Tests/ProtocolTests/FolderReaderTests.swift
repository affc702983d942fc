import Foundation
import HTTP
import Platform
import Storage
import XCTest

@testable import Credentials
@testable import Protocol

/// Nothing on disk lets its reader in: a volume snapshot or a backup with the master key holds no key and no token, and
/// nothing that makes one.
final class FolderReaderTests: XCTestCase {
  /// Everything that is derived from the master key could be asked for by a name; these are the names an attacker tries.
  private static let labels = [
    "key", "token", "cursor", "webhook", "session", "link", "scim_", "scimt_", "admin", "",
  ]

  /// A secret of that form whose random part is `material`, with a right checksum.
  private static func secret(_ form: APIKeySecret.Form, _ material: [UInt8]) -> String {
    var text = Array("\(form.prefix)".utf8)
    var bytes = material
    Base62.appendRandom(
      43,
      from: { count in
        // As many as are asked for, over and over.
        while bytes.count < count { bytes += bytes + [1] }
        return Array(bytes.map { $0 % 248 }.prefix(count))
      }, to: &text)
    Base62.append(CRC32.checksum(text[...]), width: 6, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Runs of at least so many digits of an alphabet.
  private static func runs(_ text: String, _ pattern: String) throws -> Set<String> {
    let expression = try NSRegularExpression(pattern: pattern)
    let range = NSRange(text.startIndex..., in: text)
    return Set(
      expression.matches(in: text, range: range).compactMap { match in
        Range(match.range, in: text).map { String(text[$0]) }
      })
  }

  private func files(_ folder: String) throws -> String {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.compactMap { name -> String? in
      FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }.joined(separator: "\n")
  }

  func testAStrangerWithTheWholeFolderAndTheMasterKeyMakesNoKeyAndNoToken() throws {
    var settings = ServiceSettings()
    settings.failedKeysPerMinute = 0
    let fixture = try ServiceFixture(self, settings, offersTokens: true)
    let store = fixture.service.store
    let master = MasterKeys(store, file: nil)
    try master.open()
    let plain = try fixture.makeKey()
    _ = try fixture.keys.rotate(plain.key.id, overlap: .standard)
    var accepted = [
      plain.secret, fixture.key.secret, try fixture.token(plain), try fixture.token(fixture.key),
    ]

    let text = try files(store.folder.path)
    XCTAssertTrue(text.contains(plain.key.id), "the files were read")
    for secret in accepted { XCTAssertFalse(text.contains(secret), "no secret is in a file") }
    let digests = try Self.runs(text, "[0-9a-f]{64}").union(try Self.runs(text, "[0-9A-Za-z+/_-]{43}"))
    XCTAssertTrue(digests.contains(SHA256.hex(accepted[0])), "the digest of a key is what is kept of it")
    var materials = digests.map { Array($0.utf8) } + digests.compactMap { Digest256(hex: $0.utf8)?.allBytes }
    let names = Self.labels + [plain.key.id, fixture.key.key.id]
    materials += names.map { master.secret(for: $0) }
    for digest in digests.prefix(200) { materials.append(master.secret(for: digest)) }
    var tried = 0
    for material in materials {
      let forms = APIKeySecret.Form.allCases.map { Self.secret($0, material) }
      for guess in forms + [String(decoding: material.filter { $0 > 32 && $0 < 127 }, as: UTF8.self)] {
        tried += 1
        for field in [("Authorization", "Bearer \(guess)"), ServiceFixture.basic(plain.key.id, guess)] {
          XCTAssertTrue([400, 401].contains(try status(fixture, field)), "accepted: \(field)")
        }
      }
    }
    XCTAssertGreaterThan(tried, 100)
    accepted.removeAll { secret in (try? status(fixture, ("Authorization", "Bearer \(secret)"))) == 200 }
    XCTAssertEqual(accepted, [], "the real ones are accepted all along")
  }

  private func status(_ fixture: ServiceFixture, _ field: (String, String)) throws -> Int {
    try fixture.sendWithoutKey("GET", "/scim/v2/Users?count=0", [field]).status.rawValue
  }
}

extension Digest256 {
  fileprivate var allBytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }
}

extension SHA256 {
  fileprivate static func hex(_ text: String) -> String { Digest256.of(Array(text.utf8)).text }
}
