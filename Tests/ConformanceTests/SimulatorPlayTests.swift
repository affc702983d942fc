import Foundation
import Exchange
import SCIM
import Simulator
import XCTest

/// What identity providers send, over the socket, each with a key of its profile.
final class SimulatorPlayTests: ConformanceTestCase {
  func testAuthentikLifecycle() throws { try play("authentik-lifecycle") }
  func testConductoroneLifecycle() throws { try play("conductorone-lifecycle") }
  func testCyberarkLifecycle() throws { try play("cyberark-lifecycle") }
  func testEntraLegacyGroups() throws { try play("entra-legacy-groups") }
  func testEntraLegacyUsers() throws { try play("entra-legacy-users") }
  func testEntraPostman() throws { try play("entra-postman") }
  func testEntraSCIM2020() throws { try play("entra-scim2020") }
  func testGoogleLifecycle() throws { try play("google-lifecycle") }
  func testJumpcloudLifecycle() throws { try play("jumpcloud-lifecycle") }
  func testKeycloakLifecycle() throws { try play("keycloak-lifecycle") }
  func testOktaGroupPush() throws { try play("okta-group-push") }
  func testOktaHeaderAuth() throws { try play("okta-header-auth") }
  func testOktaOINLifecycle() throws { try play("okta-oin-lifecycle") }
  func testOktaWizardLifecycle() throws { try play("okta-wizard-lifecycle") }
  func testOneloginLifecycle() throws { try play("onelogin-lifecycle") }
  func testOneloginOldTemplate() throws { try play("onelogin-old-template") }
  func testPingLifecycle() throws { try play("ping-lifecycle") }
  func testRipplingLifecycle() throws { try play("rippling-lifecycle") }
  func testSailpointLifecycle() throws { try play("sailpoint-lifecycle") }
  func testSalesforceLifecycle() throws { try play("salesforce-lifecycle") }
  func testSecureauthLifecycle() throws { try play("secureauth-lifecycle") }
  func testWorkdayLifecycle() throws { try play("workday-lifecycle") }

  func testEveryProviderWithAProfileHasAScript() throws {
    let played = Set(try SimulatorScripts.load().map(\.profile))
    for profile in Profile.all where profile.name != "generic" {
      XCTAssertTrue(played.contains(profile.name), "no script for \(profile.name)")
    }
  }

  func testEveryScriptIsPlayed() throws {
    let text = try String(contentsOfFile: "\(#filePath)", encoding: .utf8)
    // Scripts with keys of their own need the admin API: the test of the command plays them.
    for script in try SimulatorScripts.load() where script.keys.isEmpty {
      XCTAssertTrue(text.contains("play(\"\(script.name)\")"), "no test plays \(script.name)")
    }
  }

  private func play(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try play(try XCTUnwrap(SimulatorScripts.named(name)), file: file, line: line)
  }
}
