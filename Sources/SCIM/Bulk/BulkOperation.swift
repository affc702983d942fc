package import JSON

/// One operation of a bulk job. Errors in an operation alone are found when its turn comes.
package struct BulkOperation: Sendable {
  package enum Method: String, Sendable {
    case post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
  }

  /// As given; nil if it is absent.
  package let methodText: String?
  package let path: String?
  package let bulkId: String?
  /// An entity tag that the resource must have, as If-Match.
  package let version: String?
  package let data: JSONValue?

  /// Throws only if the parts cannot be read; whether they are complete is checked by `checkedMethod`.
  init(_ json: JSONValue) throws(SCIMError) {
    guard let object = json.objectValue else {
      throw SCIMError(.operationNotObject, "it must be a JSON object.")
    }
    try object.checkOnce(["method", "path", "bulkId", "version", "data"])
    func text(_ name: String) throws(SCIMError) -> String? {
      guard let value = object.member(name), !value.isNull else { return nil }
      guard let text = value.stringValue else {
        throw SCIMError(.bulkMemberInvalid, "\"\(name)\" must be text.")
      }
      return text
    }
    methodText = try text("method")
    path = try text("path")
    bulkId = try text("bulkId")
    version = try text("version")
    data = object.member("data").flatMap { $0.isNull ? nil : $0 }
  }

  /// In any letter case; nil for another method.
  package var method: Method? { methodText.flatMap { Method(rawValue: $0.uppercased()) } }

  /// The method; throws 400 unless the operation has all its parts.
  package func checkedMethod() throws(SCIMError) -> Method {
    guard let method else {
      throw SCIMError(.bulkMethod, "\"method\" must be POST, PUT, PATCH or DELETE.")
    }
    guard path?.isEmpty == false else { throw SCIMError(.bulkPathMissing, "\"path\" is missing.") }
    guard method != .post || bulkId?.isEmpty == false else {
      throw SCIMError(.bulkIdMissing, "A POST in a bulk request needs a \"bulkId\".")
    }
    guard method == .delete || data != nil else { throw SCIMError(.bulkDataMissing, "\"data\" is missing.") }
    return method
  }
}
