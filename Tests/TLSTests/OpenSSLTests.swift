import COpenSSL
import XCTest

@testable import TLS

final class OpenSSLTests: XCTestCase {
  func testTheLibraryIsOpenedOnceAndIsOpenSSL3() throws {
    let first = try OpenSSL.load()
    XCTAssertTrue(first.version.hasPrefix("OpenSSL 3."), first.version)
    XCTAssertTrue(try OpenSSL.load() === first)
  }

  func testAMissingLibraryNamesItselfAndThePackage() {
    guard case .failure(let error) = OpenSSL.open(ssl: "libssl-not-here.so.3") else {
      return XCTFail("opened")
    }
    XCTAssertTrue("\(error)".contains("libssl-not-here.so.3"), "\(error)")
    XCTAssertTrue("\(error)".contains("libssl3"), "\(error)")
  }

  func testAMissingFunctionNamesItselfAndTheVersionFound() throws {
    let real = try OpenSSL.load()
    let result = OpenSSL.functions { symbol in
      switch String(cString: symbol.name) {
      case "SSL_new": nil
      case "OpenSSL_version": unsafeBitCast(real.call.OpenSSL_version, to: UnsafeMutableRawPointer.self)
      default: UnsafeMutableRawPointer(bitPattern: 16)
      }
    }
    guard case .failure(let error) = result else { return XCTFail("accepted") }
    XCTAssertTrue("\(error)".contains("no function SSL_new"), "\(error)")
    XCTAssertTrue("\(error)".contains(real.version), "\(error)")
  }
}
