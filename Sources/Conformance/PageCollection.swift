import Client
import Exchange
import JSON

/// The pages of one list, and where the next one begins.
struct PageCollection {
  private let method: Walk.Method
  private var resources: [JSONValue] = []
  private var sizes: [JSONValue] = []
  private var totals: [JSONValue] = []
  private var seen: Set<ByteString> = []

  /// The startIndex or cursor to ask for; nil after the last page.
  private(set) var next: JSONValue?

  init(method: Walk.Method) {
    self.method = method
    next = method == .cursor ? "" : 1
  }

  /// The value that the step's rules check.
  var json: JSONValue {
    [
      "Resources": .array(resources), "pages": .integer(Int64(totals.count)),
      "itemsPerPage": .array(sizes), "totalResults": .array(totals),
    ]
  }

  /// Adds a page; returns the error if paging cannot continue.
  mutating func add(_ answer: Answer, limit: Int) -> String? {
    guard answer.response.status == 200, let page = answer.json else {
      return "expected a page with status 200, got \(answer.response.status)"
    }
    let elements = page["Resources"]?.arrayValue ?? []
    resources += elements
    sizes.append(page["itemsPerPage"] ?? .null)
    totals.append(page["totalResults"] ?? .null)
    guard totals.count < limit else { return "expected an end of the list within \(limit) pages" }
    switch method {
    case .startIndex:
      let isLast = elements.isEmpty || Int64(resources.count) >= page["totalResults"]?.integerValue ?? 0
      next = isLast ? nil : .integer(Int64(resources.count + 1))
    case .cursor:
      next = page["nextCursor"]
      if let cursor = next?.stringValue, !seen.insert(ByteString(cursor)).inserted {
        return "expected another nextCursor on every page, got \(cursor) again"
      }
    }
    return nil
  }
}
