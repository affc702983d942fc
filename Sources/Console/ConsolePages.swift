import Admin
import HTTP
import Platform

/// The pages as responses. Files have addresses that change with their content, so that browsers keep them; the two
/// documents that refer to them are never kept.
final class ConsolePages: Sendable {
  /// A file with its fields.
  private struct Prepared: Sendable {
    let bytes: [UInt8]
    let mediaType: String
    let etag: String
  }

  /// The pages in the binary, for the console and the set-up room; made by the first request.
  static let embedded = ConsolePages(ConsoleAsset.embedded)

  /// Part of the addresses of the files.
  let edition: String
  private let files: [String: Prepared]
  private let documents: [String: [UInt8]]
  /// The files that were asked for compressed: all of them at once would hold up the other connections of a loop.
  private let kept = Locked<[String: [UInt8]]>([:])

  /// The word in a document that stands for the folder of the files.
  private static let placeholder = Array("EDITION".utf8)

  private init(_ assets: [ConsoleAsset]) {
    var hash = SHA256()
    for asset in assets { asset.bytes.withUnsafeBytes { hash.update($0) } }
    edition = String(hash.finalizeDigest().text.prefix(16))
    var files: [String: Prepared] = [:]
    var documents: [String: [UInt8]] = [:]
    for asset in assets {
      if asset.name.hasSuffix(".html") {
        documents[asset.name] = Self.filled(asset.bytes, with: edition)
      } else {
        files[asset.name] = Prepared(
          bytes: asset.bytes, mediaType: asset.mediaType,
          etag: "\"\(Digest256.of(asset.bytes).text.prefix(32))\"")
      }
    }
    self.files = files
    self.documents = documents
  }

  private static func filled(_ bytes: [UInt8], with edition: String) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes[...]
    while let first = rest.first {
      if rest.starts(with: placeholder) {
        result += edition.utf8
        rest = rest.dropFirst(placeholder.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// The answer to a request below `/console` or `/setup`, the name of whose document is that of the folder.
  func answer(_ head: HTTPRequestHead, _ folder: String) -> HTTPResponse {
    guard head.method == .get || head.method == .head else {
      var response = AdminHandler.response(
        to: AdminProblem(.methodNotAllowed, "\(head.method.rawValue) is not allowed here."))
      response.fields.append(.allow, "GET, HEAD")
      return response
    }
    let segments = (try? PercentDecoding.segments(of: head.path)) ?? []
    switch segments.count {
    case 1:
      // Relative, so that it also works behind a proxy that adds a path.
      var response = HTTPResponse(status: .permanentRedirect, fields: .everyAnswer)
      response.fields.append(.location, "\(folder)/")
      return response
    case 2 where segments[1].isEmpty:
      if let document = document("\(folder).html") { return document }
    case 3 where segments[1].utf8.elementsEqual(edition.utf8):
      if let file = file(segments[2], head) { return file }
    default: break
    }
    return AdminHandler.response(to: AdminProblem(.noSuchEndpoint, "There is no such page."))
  }

  /// A document such as `console.html`; nil if it does not exist.
  private func document(_ name: String) -> HTTPResponse? {
    guard let bytes = documents[name] else { return nil }
    var response = HTTPResponse(status: .ok, fields: Self.documentFields, body: .bytes(bytes))
    response.fields.append(.contentType, "text/html; charset=utf-8")
    return response
  }

  /// A file of this edition; nil for one that does not exist.
  private func file(_ name: String, _ head: HTTPRequestHead) -> HTTPResponse? {
    guard let file = files[name] else { return nil }
    let body = Self.acceptsGzip(head) ? compressed(file, name) : file.bytes
    let isCompressed = body.count < file.bytes.count
    // The two forms are different representations (RFC 9110 §8.8.3.3).
    let etag = isCompressed ? "\(file.etag.dropLast())-gz\"" : file.etag
    var fields = HTTPFields.everyFile
    fields.append(FieldName("Cross-Origin-Resource-Policy"), "same-origin")
    fields.append(.etag, etag)
    fields.append(.vary, "Accept-Encoding")
    if head[.ifNoneMatch]?.elementsEqual(etag.utf8) == true {
      return HTTPResponse(status: .notModified, fields: fields)
    }
    fields.append(.contentType, file.mediaType)
    if isCompressed { fields.append(.contentEncoding, "gzip") }
    return HTTPResponse(status: .ok, fields: fields, body: .bytes(body))
  }

  /// A file compressed, or as it is if compressing does not make it shorter.
  private func compressed(_ file: Prepared, _ name: String) -> [UInt8] {
    kept.withLock { kept in
      if let known = kept[name] { return known }
      let packed = Gzip.compressed(file.bytes)
      let body = packed.count < file.bytes.count ? packed : file.bytes
      kept[name] = body
      return body
    }
  }

  /// Browsers always list it without a weight.
  private static func acceptsGzip(_ head: HTTPRequestHead) -> Bool {
    head.values(of: FieldName("Accept-Encoding")).contains { field in
      field.split(separator: UInt8(ascii: ",")).contains {
        $0.filter { $0 != UInt8(ascii: " ") }.elementsEqual("gzip".utf8)
      }
    }
  }

  /// Nothing is loaded from elsewhere, no script is made of text, no other site frames the pages, and none learns their
  /// addresses.
  private static let documentFields: HTTPFields = {
    var fields = HTTPFields.everyAnswer
    fields.append(
      FieldName("Content-Security-Policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'")
    fields.append(FieldName("Referrer-Policy"), "no-referrer")
    fields.append(FieldName("Cross-Origin-Opener-Policy"), "same-origin")
    return fields
  }()
}
