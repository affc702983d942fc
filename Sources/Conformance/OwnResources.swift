import Client
import Exchange
import JSON

/// The resources that the run has created and not yet deleted; it writes to no others.
struct OwnResources {
  struct Resource {
    /// Relative to the base.
    let path: String
    let key: CaseRequest.Key
  }

  /// The oldest first.
  private(set) var present: [Resource] = []
  /// Answers that reported a new resource but not its location.
  private(set) var untraced: [String] = []
  /// Decoded paths of all that was ever made.
  private var known: Set<ByteString> = []
  private let base: ClientBase
  private let run: String

  init(base: ClientBase, run: String) {
    self.base = base
    self.run = run
  }

  /// Why the request must not be sent; nil for one that reads, makes, or writes to what is the run's own.
  func refusal(of request: WireRequest, isIntrusive: Bool) -> String? {
    let path = Self.decoded(request.path)
    if request.method.uppercased() == "POST" {
      return path.lowercased().hasSuffix("/bulk") ? bulkRefusal(of: request) : nil
    }
    let isReading = ["GET", "HEAD", "OPTIONS"].contains(request.method)
    if isReading || isOwn(path) || (isIntrusive && Self.refusesWriting(path)) { return nil }
    return "\(request.method) \(request.path) would change something the run has not created"
  }

  private func isOwn(_ path: String) -> Bool {
    known.contains(ByteString(path)) || path.utf8.contains(run.utf8)
  }

  /// Every operation that does not create names a resource of the run or a bulkId.
  private func bulkRefusal(of request: WireRequest) -> String? {
    guard let json = request.body.flatMap({ try? JSONParser.parse($0) }) else { return nil }
    for operation in json["Operations"]?.arrayValue ?? [] {
      let path = Self.decoded(operation["path"]?.stringValue ?? "")
      let isCreating = operation["method"]?.stringValue?.uppercased() == "POST"
      let isHarmless =
        isCreating || path.split(separator: "/").count < 2 || path.utf8.contains("bulkId:".utf8)
      if !isHarmless, !isOwn(path) {
        return "the bulk operation on \(path) would change something the run has not created"
      }
    }
    return nil
  }

  /// Remembers the resources that the answer reports as created or deleted.
  mutating func note(_ request: WireRequest, _ answer: Answer) {
    let path = Self.decoded(request.path)
    let isSuccess = (200..<300).contains(answer.response.status)
    switch request.method {
    case "DELETE" where isSuccess || answer.response.status == 404:
      present.removeAll { Self.decoded($0.path) == path }
    case "PUT" where isSuccess && !known.contains(ByteString(path)):
      add(request.path, request.key)
    case "POST" where isSuccess && path.lowercased().hasSuffix("/bulk"): noteBulk(request, answer)
    case "POST" where isSuccess && !path.lowercased().hasSuffix(".search"): noteNew(request, answer)
    default: break
    }
  }

  /// Remembers where a created resource is; without id and Location it cannot be deleted, and is reported.
  private mutating func noteNew(_ request: WireRequest, _ answer: Answer) {
    let id = answer.json?["id"]?.stringValue
    let location = answer.response.field("Location").map { base.path(of: $0) }
    let collection = request.path.prefix { $0 != "?" }
    if let id, !id.isEmpty {
      add("\(collection)/\(PercentEncoding.encode(id))", request.key)
      if let location, Self.decoded(location).hasSuffix("/\(id)") {
        known.insert(ByteString(Self.decoded(location)))
      }
    } else if let location, !location.isEmpty {
      add(location, request.key)
    } else {
      untraced.append("POST \(request.path) (\(answer.response.status), no id and no Location)")
    }
  }

  /// Remembers the resources that a bulk request created.
  private mutating func noteBulk(_ request: WireRequest, _ answer: Answer) {
    for operation in answer.json?["Operations"]?.arrayValue ?? []
    where operation["method"]?.stringValue?.uppercased() == "POST" {
      if let location = operation["location"]?.stringValue {
        add(base.path(of: location), request.key)
      } else if operation["response"] == nil {
        untraced.append("a bulk POST without a location")
      }
    }
  }

  /// Remembers a resource that no answer reported.
  mutating func adopt(_ path: String) {
    if !present.contains(where: { Self.decoded($0.path) == Self.decoded(path) }) { add(path, .run) }
  }

  private mutating func add(_ path: String, _ key: CaseRequest.Key) {
    known.insert(ByteString(Self.decoded(path)))
    present.append(Resource(path: path, key: key))
  }

  /// Without query and trailing slash.
  private static func decoded(_ path: String) -> String {
    let path = path.prefix { $0 != "?" }
    return PercentEncoding.decode(path.hasSuffix("/") ? path.dropLast() : path)
  }

  /// A collection, `.search`, a discovery endpoint or /Me: nothing there that a conformant server lets be changed.
  private static func refusesWriting(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    let discovery: Set = ["Schemas", "ResourceTypes", "ServiceProviderConfig"]
    return parts.count == 1 || parts.last == ".search"
      || parts.first.map { discovery.contains(String($0)) } == true
  }
}
