import XCTest

@testable import Feed

final class WebhookSecretTests: XCTestCase {
  /// The example of the Standard Webhooks libraries.
  func testASignatureIsThatOfStandardWebhooks() {
    let key = Array("0123456789abcdef0123456789abcdef".utf8)
    let secret = WebhookSecret(key: key)
    XCTAssertEqual(secret.text, "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    // printf 'msg_1.1614265330.{"test": 2432232314}' | openssl dgst -sha256 -hmac KEY -binary | base64
    XCTAssertEqual(
      secret.signature("msg_1", 1_614_265_330, Array(#"{"test": 2432232314}"#.utf8)),
      "v1,aTF4+pE6A/FmvKM0YSVBBUfRhLIlBiaBUR+EjGls6Mc=")
  }
}
