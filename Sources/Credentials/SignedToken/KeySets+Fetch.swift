package import Client

extension KeySets {
  private static let timeoutSeconds = 5.0

  /// Sets at URLs are fetched through the guard: https, public addresses, no redirects.
  package convenience init(_ outbound: OutboundGuard, clock: @escaping @Sendable () -> UInt64) {
    self.init(clock: clock) { url throws(FetchFault) in try KeySets.fetch(url, outbound) }
  }

  private static func fetch(_ url: String, _ outbound: OutboundGuard) throws(FetchFault) -> [UInt8] {
    let response: ClientResponse
    do throws(ClientError) {
      let place = try outbound.place(of: url)
      // One byte more than a set may have, so that a longer one is noticed.
      response = try HTTPClient.brief(
        "GET", place.base, path: place.path, address: place.address,
        fields: [("Accept", "application/jwk-set+json, application/json")], body: nil,
        keep: JSONWebKeySet.maxBytes + 1, timeoutSeconds: timeoutSeconds)
    } catch {
      throw FetchFault("\(error)")
    }
    return try checked(response)
  }

  private static func checked(_ response: ClientResponse) throws(FetchFault) -> [UInt8] {
    switch response.status {
    case 200: return response.body
    case 300..<400:
      throw FetchFault(
        "the answer is a redirect (\(response.status)), which is not followed: register its target")
    default: throw FetchFault("the answer has the status \(response.status)")
    }
  }
}
