import Platform
import XCTest

@testable import scimd

final class ConfigurationTests: XCTestCase {
  private func load(
    _ words: [String] = [], _ variables: [String: String] = [:]
  ) throws -> Configuration {
    guard case .run(let invocation) = try ArgumentParser(commands: Command.all).parse(["serve"] + words)
    else { throw BrokenPremise("`serve` is not a command") }
    let console = Console(variables: variables, environment: .system, emit: { _, _ in })
    var configuration = try ConfigurationLoader(invocation: invocation, console: console).load()
    configuration.origins = [:]
    configuration.overruledData = []
    return configuration
  }

  private func failure(
    _ words: [String] = [], _ variables: [String: String] = [:], file: StaticString = #filePath,
    line: UInt = #line
  ) -> CommandError {
    do {
      _ = try load(words, variables)
      XCTFail("nothing was refused", file: file, line: line)
      return CommandError(.success, "")
    } catch {
      return error as? CommandError ?? CommandError(.success, "\(error)")
    }
  }

  func testWithoutAnythingTheDefaultsHold() throws {
    let configuration = try load()
    XCTAssertEqual(configuration, Configuration())
    XCTAssertEqual(configuration.listen, .tcp(host: "127.0.0.1", port: 8080))
    XCTAssertEqual(configuration.data, "./scimd-data")
  }

  func testAnOptionWinsOverAVariableAndAVariableOverTheFile() throws {
    let path = try CommandFixture(self).file(
      "c.json", #"{"maxResults": 1, "drainSeconds": 1, "loops": 1, "strictAttributes": true}"#)
    let variables = ["SCIMD_CONFIG": path, "SCIMD_MAX_RESULTS": "2", "SCIMD_DRAIN_SECONDS": "2"]
    let configuration = try load(["--max-results", "3"], variables)
    XCTAssertEqual(configuration.maxResults, 3)
    XCTAssertEqual(configuration.drainSeconds, 2)
    XCTAssertEqual(configuration.loops, 1)
    XCTAssertTrue(configuration.strictAttributes)
    XCTAssertFalse(try load(["--strict-attributes=false"], variables).strictAttributes)
  }

  func testAnEmptyVariableCountsAsAbsent() throws {
    XCTAssertEqual(
      try load([], ["SCIMD_PUBLIC_URL": "", "SCIMD_LOOPS": "", "SCIMD_CONFIG": ""]), Configuration())
  }

  func testTheConfigOptionWinsOverItsVariable() throws {
    let fixture = try CommandFixture(self)
    let one = try fixture.file("1.json", #"{"loops": 1}"#)
    let two = try fixture.file("2.json", #"{"loops": 2}"#)
    XCTAssertEqual(try load(["--config", two], ["SCIMD_CONFIG": one]).loops, 2)
  }

  func testEverySettingCanBeGivenInAllThreePlaces() throws {
    let values = [
      "data": "/d", "secretKeyFile": "/k", "schemas": "/c", "roles": "/r.json", "listen": "unix:/s",
      "doors": "scim,health", "adminListen": "127.0.0.1:8081", "metricsListen": "127.0.0.1:9100",
      "redirectListen": "127.0.0.1:80", "tlsCertificate": "/a.pem,/b.pem", "tlsKey": "/a.key,/b.key",
      "tlsClientCA": "/ca.pem", "caFile": "/roots.pem",
      "publicURL": "https://a.example", "trustedProxies": "10.0.0.1,::1", "proxyProtocol": "true",
      "insecurePlainHTTP": "true", "insecureFolder": "true", "loops": "3", "maxConnections": "5",
      "maxBodyBytes": "2048",
      "maxConnectionsPerAddress": "6", "maxRequestsInFlight": "8", "headSeconds": "3", "bodySeconds": "4",
      "idleSeconds": "5", "writeSeconds": "6", "failedKeysPerMinute": "0", "connectionRate": "50",
      "keyRate": "off", "cursorTimeout": "60",
      "maxBulkOperations": "9", "maxResults": "7", "maxPageBytes": "70000", "patchResponse": "minimal",
      "strictAttributes": "true",
      "uniqueGroupNames": "true",
      "accessLog": "off", "logLevel": "error", "logFormat": "json", "requestValues": "none",
      "requestEntries": "0", "requestDays": "3", "mailCommand": "msmtp,-t",
      "outboundAllow": "10.0.0.0/8", "webhookSchedule": "0,5",
      "drainSeconds": "9", "snapshotBytes": "8192",
      "onDelete": "purge", "deletedRetentionDays": "7", "historyRetentionDays": "8",
      "historyRetentionBytes": "9000",
    ]
    XCTAssertEqual(Set(values.keys), Set(Configuration.settings.map(\.name)))
    for setting in Configuration.settings {
      let text = try XCTUnwrap(values[setting.name])
      var expected = Configuration()
      try setting.apply(&expected, text)
      XCTAssertNotEqual(expected, Configuration(), setting.name)
      XCTAssertEqual(try load([], [setting.variable: text]), expected, setting.name)
      XCTAssertEqual(try load(["--\(setting.option)=\(text)"]), expected, setting.name)
      let json =
        switch setting.kind {
        case .text: "\"\(text)\""
        case .integer, .boolean: text
        case .list: "[" + text.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",") + "]"
        }
      let path = try CommandFixture(self).file("c.json", "{\"\(setting.name)\": \(json)}")
      XCTAssertEqual(try load(["--config", path]), expected, setting.name)
    }
  }

  func testAnUnknownMemberNamesFilePlaceAndTheNearestSetting() throws {
    let path = try CommandFixture(self).file("c.json", #"{"loops":1,"lisen":"127.0.0.1:1"}"#)
    let error = failure(["--config", path])
    XCTAssertEqual(error.code, .configuration)
    XCTAssertEqual(
      error.message, "\(path): \"lisen\" at byte 11 is not a setting; did you mean \"listen\"?")
  }

  func testABadValueNamesItsPlaceAndWhatIsExpected() throws {
    let path = try CommandFixture(self).file("c.json", #"{"maxResults": "many"}"#)
    XCTAssertEqual(
      failure(["--config", path]).message, "\(path): \"maxResults\" at byte 1: must be a whole number")
    XCTAssertEqual(
      failure(["--max-results", "0"]),
      CommandError(.usage, "--max-results: \"0\" is not a whole number from 1 to 10000"))
    for (option, range) in [
      ("idle-seconds", "1 to 3600"), ("max-connections-per-address", "1 to 1000000"),
      ("max-requests-in-flight", "1 to 1000000"),
    ] {
      for text in ["0", "-1", "1.5", "1e3", "", "9999999"] {
        XCTAssertEqual(
          failure(["--\(option)", text]),
          CommandError(.usage, "--\(option): \"\(text)\" is not a whole number from \(range)"))
      }
    }
    XCTAssertEqual(
      failure([], ["SCIMD_PATCH_RESPONSE": "all"]),
      CommandError(.configuration, "SCIMD_PATCH_RESPONSE: \"all\" is not one of full, minimal"))
    XCTAssertEqual(
      failure([], ["SCIMD_STRICT_ATTRIBUTES": "yes"]).message,
      "SCIMD_STRICT_ATTRIBUTES: \"yes\" is neither true nor false")
  }

  func testAFileThatIsNotJSONIsRefusedWithTheByte() throws {
    let path = try CommandFixture(self).file("c.json", #"{"loops": 1,}"#)
    let error = failure(["--config", path])
    XCTAssertEqual(error.code, .configuration)
    XCTAssertTrue(error.message.contains("byte 12"), error.message)
  }

  func testAFileThatIsMissingIsRefused() {
    let error = failure([], ["SCIMD_CONFIG": "/nowhere/c.json"])
    XCTAssertEqual(error.code, .configuration)
    XCTAssertTrue(error.message.hasPrefix("/nowhere/c.json: "), error.message)
  }

  func testAMisspeltVariableIsRefusedAndOneOfAnOrchestratorIsNot() throws {
    XCTAssertEqual(
      failure([], ["SCIMD_LISEN": "x"]).message, "SCIMD_LISEN is not a setting; did you mean SCIMD_LISTEN?")
    let foreign = [
      "SCIMD_PORT": "tcp://10.0.0.1:80", "SCIMD_SERVICE_HOST": "10.0.0.1", "SCIMD_SERVICE_PORT": "80",
      "SCIMD_PORT_8080_TCP": "tcp://10.0.0.1:80", "SCIMD_PORT_8080_TCP_ADDR": "10.0.0.1",
    ]
    XCTAssertEqual(try load([], foreign), Configuration())
  }

  func testAddressesToListenOn() throws {
    XCTAssertEqual(try ListenSetting("[::1]:80"), .tcp(host: "::1", port: 80))
    XCTAssertEqual(try ListenSetting("localhost:0"), .tcp(host: "localhost", port: 0))
    XCTAssertEqual(try ListenSetting("*:80"), .tcp(host: "*", port: 80))
    XCTAssertEqual(try ListenSetting("unix:/a b"), .unix(path: "/a b"))
    let wrong = [
      "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[::1]",
      "[127.0.0.1]:80", "example.com:80", "http://127.0.0.1:80", "unix:",
      "unix:/" + String(repeating: "a", count: 107),
    ]
    for text in wrong { XCTAssertThrowsError(try ListenSetting(text), text) }
  }

  func testPublicURLs() throws {
    XCTAssertEqual(try PublicURL("https://a.example/").text, "https://a.example")
    XCTAssertEqual(try PublicURL("https://a.example/scim/v2").text, "https://a.example")
    XCTAssertEqual(try PublicURL("https://a.example/x/scim/v2/").text, "https://a.example/x")
    for text in [
      "", "a.example", "ftp://a", "https://", "https:///x", "https://a?b", "https://a#b", "https://a b",
    ] {
      XCTAssertThrowsError(try PublicURL(text), text)
    }
  }

  func testAnAddressBeyondThisMachineNeedsTLSInFrontOrAClearWord() throws {
    for listen in ["0.0.0.0:80", "*:80", "[::]:80", "192.0.2.1:80"] {
      let open = ["--listen", listen]
      XCTAssertThrowsError(try load(open).checkExposure()) { error in
        XCTAssertEqual((error as? CommandError)?.code, .configuration)
        XCTAssertEqual((error as? CommandError)?.advice?.contains("--insecure-plain-http"), true)
      }
      XCTAssertThrowsError(try load(open + ["--public-url", "http://a.example"]).checkExposure())
      XCTAssertNoThrow(try load(open + ["--public-url", "https://a.example"]).checkExposure())
      XCTAssertNoThrow(try load(open + ["--trusted-proxies", "10.0.0.1"]).checkExposure())
      XCTAssertNoThrow(try load(open + ["--insecure-plain-http"]).checkExposure())
    }
    for listen in ["127.0.0.1:80", "127.1.2.3:80", "[::1]:80", "localhost:80", "unix:/s"] {
      XCTAssertNoThrow(try load(["--listen", listen]).checkExposure(), listen)
    }
  }

  func testAPROXYProtocolThatNobodySpeaksIsRefused() throws {
    XCTAssertThrowsError(try load(["--proxy-protocol"]).checkProxyProtocol()) { error in
      XCTAssertEqual((error as? CommandError)?.advice?.contains("--trusted-proxies"), true)
    }
    XCTAssertNoThrow(
      try load(["--proxy-protocol", "--trusted-proxies", "10.0.0.1"]).checkProxyProtocol())
    XCTAssertNoThrow(try load().checkProxyProtocol())
  }

  func testTheBaseURLIsThePublicOneOrThatOfTheAddress() throws {
    XCTAssertEqual(try load().baseURL(port: 8080), "http://127.0.0.1:8080/scim/v2")
    XCTAssertEqual(try load(["--listen", "0.0.0.0:0"]).baseURL(port: 99), "http://127.0.0.1:99/scim/v2")
    XCTAssertEqual(try load(["--listen", "[::1]:0"]).baseURL(port: 99), "http://[::1]:99/scim/v2")
    XCTAssertEqual(try load(["--listen", "unix:/s"]).baseURL(port: 0), "http://localhost/scim/v2")
    XCTAssertEqual(
      try load(["--public-url", "https://a.example"]).baseURL(port: 1), "https://a.example/scim/v2")
  }

  func testMemberOffsetsSkipNestedNamesAndEscapedQuotes() {
    let text = #" {"a\"{,": {"b": [1, "c"]}, "d": "e,f", "g": []}"#
    let offsets = MemberOffsets.of(Array(text.utf8))
    XCTAssertEqual(offsets, [2, 28, 40])
  }
}
