import XCTest

@testable import Feed

final class EventIDTests: XCTestCase {
  func testAnIdIsReadAsItIsWritten() {
    let id = EventID("4gT0aZk9", 42, 3)
    XCTAssertEqual(id.description, "evt_4gT0aZk9_42_3")
    XCTAssertEqual(EventID(id.description), id)
  }

  func testEveryOtherTextIsRefused() {
    for text in [
      "", "evt", "evt_4gT0aZk9_42", "evt_4gT0aZk9_42_3_", "evt_4gT0aZk_42_3", "evt_4gT0aZk9_042_3",
      "evt_4gT0aZk9_+42_3", "evt_4gT0aZk9_42_-1", "evt_4gT0aZk9_42_10000000", "EVT_4gT0aZk9_42_3",
      "evt_4gT0aZk9_99999999999999999999_0", "evt_4gT0aZk9_9223372036854775807_0",
    ] {
      XCTAssertNil(EventID(text), text)
    }
  }
}
